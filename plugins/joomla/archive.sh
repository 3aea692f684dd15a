# shellcheck shell=bash
# The Joomla package; scripts/package brings the functions.
#
# USERLINK_JOOMLA_UPDATES: the https folder in which this archive and joomla-update.xml will lie. If it is given, the package
# names it as its update server, and joomla-update.xml is made.

# joomla_archive FOLDER VERSION
joomla_archive() {
  local to=$1 version=$2 joomla=$REPO/plugins/joomla tree part name=pkg_userlink-$2.zip
  php "$joomla/build/strings.php" --check || die "the page's texts are not current: run php plugins/joomla/build/strings.php"
  tree=$(mktemp -d)
  mkdir -p "$tree/com/admin" "$tree/com/media" "$tree/pkg"
  cp -r "$joomla"/com_userlink/{access.xml,config.xml,language,services,sql,src,tmpl} "$REPO/LICENSE" "$tree/com/admin/"
  cp "$joomla/com_userlink/userlink.xml" "$tree/com/"
  shared_into "$tree/com/admin"
  mv "$tree/com/admin/shared/admin" "$tree/com/media/admin"
  cp "$joomla/com_userlink/joomla.asset.json" "$tree/com/media/"
  for part in user system task; do
    cp -r "$joomla/plg_${part}_userlink" "$tree/$part"
  done
  cp -r "$joomla"/{pkg_userlink.xml,script.php,language} "$tree/pkg/"
  [ -z "${USERLINK_JOOMLA_UPDATES-}" ] || joomla_names_updates "$tree/pkg/pkg_userlink.xml"
  find "$tree" \( -name '*.xml' -o -name joomla.asset.json \) -exec sed -i "s/@version@/$version/" {} +
  archive "$tree/com" "$tree/pkg/com_userlink.zip"
  for part in user system task; do
    archive "$tree/$part" "$tree/pkg/plg_${part}_userlink.zip"
  done
  archive "$tree/pkg" "$to/$name"
  [ -z "${USERLINK_JOOMLA_UPDATES-}" ] || joomla_updates "$to/$name" "$version" >"$to/joomla-update.xml"
  rm -rf "$tree"
}

# joomla_names_updates MANIFEST
joomla_names_updates() {
  sed -i "s#^</extension>#\t<updateservers>\n\t\t<server type=\"extension\" name=\"userlink\">${USERLINK_JOOMLA_UPDATES%/}/joomla-update.xml</server>\n\t</updateservers>\n</extension>#" "$1"
}

# joomla_updates ARCHIVE VERSION: what Joomla's updater reads.
joomla_updates() {
  cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<updates>
	<update>
		<name>userlink for CiviCRM</name>
		<description>Links every Joomla user to the right CiviCRM contact.</description>
		<element>pkg_userlink</element>
		<type>package</type>
		<client>site</client>
		<version>$2</version>
		<downloads>
			<downloadurl type="full" format="zip">${USERLINK_JOOMLA_UPDATES%/}/${1##*/}</downloadurl>
		</downloads>
		<sha256>$(sha256sum "$1" | cut -d ' ' -f 1)</sha256>
		<sha512>$(sha512sum "$1" | cut -d ' ' -f 1)</sha512>
		<tags>
			<tag>stable</tag>
		</tags>
		<php_minimum>7.4</php_minimum>
		<targetplatform name="joomla" version="(4\.4|5\..*|6\..*)"/>
	</update>
</updates>
XML
}
