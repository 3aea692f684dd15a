package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"userlink/sidecar/config"
	"userlink/sidecar/link"
)

const keyBytes = 32 // of randomness: as many as the hash of the signature has

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

type keyFlags struct{ site, id, dir, cms string }

func (a *app) keysVerb() *cobra.Command {
	keys := &cobra.Command{Use: "keys", Short: "Make the keys with which the CMSs sign", Args: cobra.NoArgs}
	var flags keyFlags
	add := &cobra.Command{
		Use: "new", Short: "Make a key file, and print what to write where", Args: cobra.NoArgs,
		Long: `new makes a key file that nobody else can read yet, and prints the lines for userlink.yaml and for the CMS's configuration. It
changes neither. Two keys may be valid at once: add the new one to userlink.yaml, restart the sidecar, switch the CMS, then take
the old one out.`,
		RunE: a.verb(func(context.Context) error { return a.newKey(flags) }),
	}
	add.Flags().StringVar(&flags.site, "site", "", "`ID` of the site")
	add.Flags().StringVar(&flags.id, "id", "", "`ID` of the key (default: the site's id and the next free number)")
	add.Flags().StringVar(&flags.dir, "dir", "", "`FOLDER` of the key file (default: that of the configuration)")
	add.Flags().StringVar(&flags.cms, "cms", "", "the site's `CMS`, if the configuration does not say it yet")
	keys.AddCommand(add)
	return keys
}

func (a *app) newKey(flags keyFlags) error {
	if !idPattern.MatchString(flags.site) {
		return &exitError{code: exitUsage, err: errors.New("--site: write the id of the site, small letters, digits, - and _")}
	}
	// The configuration may well be unfinished: it cannot be right before it names the key that is made here.
	c, _ := config.Load(a.configPath, os.LookupEnv)
	cms := link.CMS(flags.cms)
	used := map[string]bool{}
	for _, s := range c.Sites {
		if s.ID == flags.site && cms == "" {
			cms = s.CMS
		}
		for _, key := range s.Keys {
			used[key.ID] = true
		}
	}
	if flags.dir == "" {
		flags.dir = filepath.Dir(a.configPath)
	}
	path, id, err := writeKey(flags, used)
	if err != nil {
		return err
	}
	a.printKey(flags.site, id, path, cms)
	return nil
}

// writeKey makes the key file. It never overwrites one: a key that is in use would be lost.
func writeKey(flags keyFlags, used map[string]bool) (path, id string, err error) {
	for n := 1; ; n++ {
		id = flags.id
		if id == "" {
			id = fmt.Sprintf("%s-%d", flags.site, n)
		}
		path, err = filepath.Abs(filepath.Join(flags.dir, filepath.Base(id)+".key"))
		if err != nil {
			return "", "", err
		}
		if used[id] && flags.id == "" {
			continue
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the folder
		switch {
		case errors.Is(err, os.ErrExist) && flags.id == "":
			continue
		case err != nil:
			return "", "", err
		}
		random := make([]byte, keyBytes)
		_, _ = rand.Read(random) // it never fails: the program ends first
		_, err = fmt.Fprintln(file, base64.RawURLEncoding.EncodeToString(random))
		return path, id, errors.Join(err, file.Close())
	}
}

func (a *app) printKey(siteID, id, path string, cms link.CMS) {
	fmt.Fprintf(a.out, `Made %s, which only you can read. The sidecar's user and the web server's PHP have to, and nobody
else. On Debian:

    chown userlink:www-data %s && chmod 0440 %s
    chmod o+x %s    # PHP has to get through to it

In %s, for the site %s:

    keys:
      - id: %s
        secret_file: %s

`, path, path, path, filepath.Dir(path), a.configPath, siteID, id, path)
	for _, one := range snippets {
		for _, name := range one.cms {
			if cms == name || cms == "" {
				fmt.Fprintf(a.out, one.text+"\n", id, path)
				break
			}
		}
	}
}

// snippets say where each CMS keeps what must not be in its database.
var snippets = []struct {
	cms  []link.CMS
	text string
}{
	{[]link.CMS{link.WordPress}, `In wp-config.php, above "That's all, stop editing!":

    define( 'USERLINK_KEY_ID', '%s' );
    define( 'USERLINK_KEY_FILE', '%s' ); // or USERLINK_KEY, the text of the file itself
`},
	{[]link.CMS{link.Drupal, link.Backdrop}, `In settings.php:

    $settings['userlink_key_id'] = '%s';
    $settings['userlink_key_file'] = '%s'; // or userlink_key, the text of the file itself
`},
	{[]link.CMS{link.Joomla}, `In the class of configuration.php:

    public $userlink_key_id = '%s';
    public $userlink_key_file = '%s'; // not the text of the file: Joomla shows what stands here

or as the variables USERLINK_KEY_ID and USERLINK_KEY_FILE of PHP's environment.
`},
}
