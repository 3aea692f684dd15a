// Package parity holds tests alone. They let a real CiviCRM and userlink link the same made-up users in the same database, and
// compare every row of every table of CiviCRM's afterwards. doc/fidelity.md has what may differ, and why.
package parity
