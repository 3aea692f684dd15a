package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// watchEvery is how often the memory of a process is looked at.
const watchEvery = 50 * time.Millisecond

// watchVerb runs a command, whose output goes to standard error, and prints the seconds it took, the most resident memory
// that it ever had, and the median of its resident memory in the second and in the last quarter of its life (MiB).
func watchVerb(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("which command?")
	}
	command := prepare(ctx, flags.Args())
	began := time.Now()
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	peak, resident, err := watch(command.Process.Pid, ended)
	took := time.Since(began)
	if err != nil {
		return err
	}
	n := len(resident)
	fmt.Fprintf(out, "seconds %.3f\npeak %.1f\nsecond-quarter %.1f\nlast-quarter %.1f\n",
		took.Seconds(), peak, median(resident[n/4:n/2]), median(resident[n-n/4:]))
	return nil
}

// watch returns what /proc says of the process until it ends.
func watch(pid int, ended <-chan error) (peak float64, resident []float64, err error) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if now, most, ok := memory(pid); ok {
			peak, resident = max(peak, most), append(resident, now)
		}
		select {
		case err := <-ended:
			return peak, resident, err
		case <-tick.C:
		}
	}
}

// memory returns the resident memory of a process in MiB, now and at most. It is false once the process has ended.
func memory(pid int) (now, most float64, ok bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, false
	}
	now, most = statusMiB(string(status), "VmRSS:"), statusMiB(string(status), "VmHWM:")
	return now, most, now > 0
}

func statusMiB(status, name string) float64 {
	_, rest, _ := strings.Cut(status, "\n"+name)
	line, _, _ := strings.Cut(rest, "\n")
	kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(line, "kB")), 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

// prepare returns the command, to be started; what it prints goes to standard error.
func prepare(ctx context.Context, command []string) *exec.Cmd {
	c := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // that is what it is for
	c.Stdout, c.Stderr = os.Stderr, os.Stderr                 //nolint:forbidigo // our own standard output is for the results
	return c
}
