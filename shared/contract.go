// Package shared carries the contract between a CMS and the sidecar, README.md in this folder, as far as programs can use
// it. It is the only Go outside sidecar/, and imports nothing of it.
package shared

import "embed"

// Schema holds schema/*.json, the messages of the contract as JSON Schema 2020-12. They refer to each other by file name.
//
//go:embed schema/*.json
var Schema embed.FS

// Vectors holds vectors/*.json, the examples that both sides run. The member "about" of each file says how to read it.
//
//go:embed vectors/*.json
var Vectors embed.FS

// Admin holds admin/userlink-admin.js, the admin page that every CMS shows, with its style sheet and the modules it loads.
//
//go:embed admin/*.js admin/*.css
var Admin embed.FS
