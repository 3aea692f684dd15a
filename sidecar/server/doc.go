// Package server is the door for the CMSs: HTTP on loopback or a unix socket. Echo stops here. It asks hook whether a call
// can be trusted, hands it to the Site, and turns what comes back into the answers of shared/README.md.
//
// Read it in this order: routes.go (what there is, and who may call it), signed.go (the way in), events.go and syncs.go
// (the calls), failure.go (one table from error code to status), server.go (limits and the graceful stop), listen.go.
package server
