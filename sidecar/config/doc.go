// Package config reads userlink.yaml and the USERLINK_* variables: one struct, one literal of defaults, and every problem
// reported at once, each with its place and with what to write instead. userlink.example.yaml explains each setting.
//
// Read it in this order: config.go (the struct and its defaults), read.go (which key goes where), check.go and site.go
// (what may stand there), yaml.go (how a file is walked), problem.go.
package config
