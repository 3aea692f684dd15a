<?php
/**
 * The texts of the shared admin page. Made by build/strings.php, do not edit.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.WP.I18n, Generic.Files.LineLength -- the page fills in the {words} in braces.
return array(
	/* translators: Name of a tab: synchronize users to contacts. */
	'Sync' => __( 'Sync', 'userlink-for-civicrm' ),
	/* translators: Name of a tab. {n}: how many. */
	'Conflicts ({n})' => __( 'Conflicts ({n})', 'userlink-for-civicrm' ),
	/* translators: Name of a tab: users who need a person’s decision. */
	'Conflicts' => __( 'Conflicts', 'userlink-for-civicrm' ),
	/* translators: Name of a tab: all previews and runs. */
	'History' => __( 'History', 'userlink-for-civicrm' ),
	/* translators: CiviCRM’s name of this function. */
	'Synchronize Users to Contacts' => __( 'Synchronize Users to Contacts', 'userlink-for-civicrm' ),
	/* translators: Stands in the place of {who}: the run was not started on this page. */
	'the command line' => __( 'the command line', 'userlink-for-civicrm' ),
	/* translators: Button, and what a run was. */
	'Preview' => __( 'Preview', 'userlink-for-civicrm' ),
	'Nothing is changed by a preview.' => __( 'Nothing is changed by a preview.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'There are no users yet' => __( 'There are no users yet', 'userlink-for-civicrm' ),
	'When there are some, this page shows how many of them are linked to a contact.' => __( 'When there are some, this page shows how many of them are linked to a contact.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Every user is linked' => __( 'Every user is linked', 'userlink-for-civicrm' ),
	'There is nothing to do. A preview checks it once more, emails that have changed included.' => __( 'There is nothing to do. A preview checks it once more, emails that have changed included.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'{n} users need your decision' => userlink_plural( '{n} user needs your decision', '{n} users need your decision', static fn( $n ) => _n( '{n} user needs your decision', '{n} users need your decision', $n, 'userlink-for-civicrm' ) ),
	'The tab “Conflicts” says what happened and what to do. A preview shows whether anything else is left.' => __( 'The tab “Conflicts” says what happened and what to do. A preview shows whether anything else is left.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'{n} users are not linked yet' => userlink_plural( '{n} user is not linked yet', '{n} users are not linked yet', static fn( $n ) => _n( '{n} user is not linked yet', '{n} users are not linked yet', $n, 'userlink-for-civicrm' ) ),
	'A preview shows for every user what a synchronization would do.' => __( 'A preview shows for every user what a synchronization would do.', 'userlink-for-civicrm' ),
	/* translators: Shown when the pointer rests on a number. */
	'Makes a preview, which changes nothing, and shows the list' => __( 'Makes a preview, which changes nothing, and shows the list', 'userlink-for-civicrm' ),
	/* translators: How many users; {n} may be large and bold. */
	'{n} users' => userlink_plural( '{n} user', '{n} users', static fn( $n ) => _n( '{n} user', '{n} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: A large number and what it counts: users with a contact. */
	'{n} linked' => __( '{n} linked', 'userlink-for-civicrm' ),
	/* translators: A large number and what it counts: users without a contact. */
	'{n} not linked yet' => __( '{n} not linked yet', 'userlink-for-civicrm' ),
	/* translators: A large number and what it counts: users who need a decision of the administrator. */
	'{n} need you' => userlink_plural( '{n} needs you', '{n} need you', static fn( $n ) => _n( '{n} needs you', '{n} need you', $n, 'userlink-for-civicrm' ) ),
	/* translators: Heading. */
	'The last synchronization' => __( 'The last synchronization', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. {who}: “user 5” or “the command line”. */
	'Finished {when}, started by {who}.' => __( 'Finished {when}, started by {who}.', 'userlink-for-civicrm' ),
	/* translators: Button, and column of a table: what happened to every user. */
	'Report' => __( 'Report', 'userlink-for-civicrm' ),
	/* translators: Button: carries out the preview. */
	'Synchronize {n} users' => userlink_plural( 'Synchronize {n} user', 'Synchronize {n} users', static fn( $n ) => _n( 'Synchronize {n} user', 'Synchronize {n} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: Button: put the preview aside. */
	'Discard' => __( 'Discard', 'userlink-for-civicrm' ),
	/* translators: Button: put away a preview in which there is nothing to do. */
	'Close' => __( 'Close', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'This preview was made {when}, of {n} users. Nothing has been changed.' => userlink_plural( 'This preview was made {when}, of {n} user. Nothing has been changed.', 'This preview was made {when}, of {n} users. Nothing has been changed.', static fn( $n ) => _n( 'This preview was made {when}, of {n} user. Nothing has been changed.', 'This preview was made {when}, of {n} users. Nothing has been changed.', $n, 'userlink-for-civicrm' ) ),
	/* translators: Heading. */
	'Preview: what a synchronization would do' => __( 'Preview: what a synchronization would do', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Preview: there is nothing to do' => __( 'Preview: there is nothing to do', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Preview again' => __( 'Preview again', 'userlink-for-civicrm' ),
	/* translators: {n}: users now. {then}: users when the preview was made. */
	'The preview is out of date: there are {n} users now, not {then}.' => userlink_plural( 'The preview is out of date: there is {n} user now, not {then}.', 'The preview is out of date: there are {n} users now, not {then}.', static fn( $n ) => _n( 'The preview is out of date: there is {n} user now, not {then}.', 'The preview is out of date: there are {n} users now, not {then}.', $n, 'userlink-for-civicrm' ) ),
	'The preview is more than a day old. Make a new one to see what would happen now.' => __( 'The preview is more than a day old. Make a new one to see what would happen now.', 'userlink-for-civicrm' ),
	/* translators: For screen readers: name of the progress bar. */
	'Progress' => __( 'Progress', 'userlink-for-civicrm' ),
	/* translators: {time}: “20 seconds”. */
	'about {time} left' => __( 'about {time} left', 'userlink-for-civicrm' ),
	/* translators: {reason}: one of the two texts that follow. */
	'Slowed down: {reason}' => __( 'Slowed down: {reason}', 'userlink-for-civicrm' ),
	/* translators: Why a sync is slowed down. */
	'the database server is busy' => __( 'the database server is busy', 'userlink-for-civicrm' ),
	/* translators: Why a sync is slowed down. */
	'the replica of the database is behind' => __( 'the replica of the database is behind', 'userlink-for-civicrm' ),
	/* translators: Why a sync is slowed down. */
	'others use the database server' => __( 'others use the database server', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The preview is being made' => __( 'The preview is being made', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The synchronization is running' => __( 'The synchronization is running', 'userlink-for-civicrm' ),
	/* translators: {who}: “user 5” or “the command line”. {when}: “2 minutes ago”. */
	'Started by {who}, {when}.' => __( 'Started by {who}, {when}.', 'userlink-for-civicrm' ),
	'You can close this page; the run goes on.' => __( 'You can close this page; the run goes on.', 'userlink-for-civicrm' ),
	'userlink does not answer; trying again. If the service was stopped, the run goes on where it was as soon as it is started again.' => __( 'userlink does not answer; trying again. If the service was stopped, the run goes on where it was as soon as it is started again.', 'userlink-for-civicrm' ),
	'The connection is lost; trying again. The run itself goes on on the server.' => __( 'The connection is lost; trying again. The run itself goes on on the server.', 'userlink-for-civicrm' ),
	/* translators: In the place of the progress. */
	'Waiting for its turn …' => __( 'Waiting for its turn …', 'userlink-for-civicrm' ),
	/* translators: In the place of the progress. */
	'Stopping after the users at hand …' => __( 'Stopping after the users at hand …', 'userlink-for-civicrm' ),
	/* translators: Progress. */
	'{checked} of {n} users' => userlink_plural( '{checked} of {n} user', '{checked} of {n} users', static fn( $n ) => _n( '{checked} of {n} user', '{checked} of {n} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: Button. */
	'Cancel the preview' => __( 'Cancel the preview', 'userlink-for-civicrm' ),
	/* translators: Button; a question follows. */
	'Cancel' => __( 'Cancel', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'No, go on' => __( 'No, go on', 'userlink-for-civicrm' ),
	/* translators: Shown for a moment. */
	'Loading …' => __( 'Loading …', 'userlink-for-civicrm' ),
	'The preview is ready.' => __( 'The preview is ready.', 'userlink-for-civicrm' ),
	/* translators: {reason}: a sentence. */
	'The preview could not be made: {reason}' => __( 'The preview could not be made: {reason}', 'userlink-for-civicrm' ),
	'Nothing was changed.' => __( 'Nothing was changed.', 'userlink-for-civicrm' ),
	'The preview was cancelled. Nothing was changed.' => __( 'The preview was cancelled. Nothing was changed.', 'userlink-for-civicrm' ),
	/* translators: Link to CiviCRM’s search. */
	'Find the new contacts in CiviCRM' => __( 'Find the new contacts in CiviCRM', 'userlink-for-civicrm' ),
	'A run is under way already. Only one at a time is possible, so yours was not started; you can watch this one.' => __( 'A run is under way already. Only one at a time is possible, so yours was not started; you can watch this one.', 'userlink-for-civicrm' ),
	/* translators: {time}: of day. */
	'This page tries again by itself. Last attempt: {time}' => __( 'This page tries again by itself. Last attempt: {time}', 'userlink-for-civicrm' ),
	'The synchronization was cancelled.' => __( 'The synchronization was cancelled.', 'userlink-for-civicrm' ),
	/* translators: {reason}: a sentence. */
	'The synchronization stopped: {reason}' => __( 'The synchronization stopped: {reason}', 'userlink-for-civicrm' ),
	/* translators: Stands in the place of {reason}. */
	'the log says why.' => __( 'the log says why.', 'userlink-for-civicrm' ),
	/* translators: Button that shows the list of all users. */
	'{n} users in all' => userlink_plural( '{n} user in all', '{n} users in all', static fn( $n ) => _n( '{n} user in all', '{n} users in all', $n, 'userlink-for-civicrm' ) ),
	/* translators: A short count. {what}: “Linked”, “Contact created” and so on. */
	'{what}: {n}' => __( '{what}: {n}', 'userlink-for-civicrm' ),
	/* translators: For screen readers: name of a group of buttons that choose what the table shows. */
	'Show in the table' => __( 'Show in the table', 'userlink-for-civicrm' ),
	/* translators: Column of a table. */
	'User' => __( 'User', 'userlink-for-civicrm' ),
	/* translators: Column of a table. */
	'Email' => __( 'Email', 'userlink-for-civicrm' ),
	/* translators: Column of a table: what happens to the user. */
	'What' => __( 'What', 'userlink-for-civicrm' ),
	/* translators: Column of a table: a contact in CiviCRM. */
	'Contact' => __( 'Contact', 'userlink-for-civicrm' ),
	/* translators: Column of a table: the reason. */
	'Why' => __( 'Why', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file: the id of the user. */
	'User number' => __( 'User number', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file: the login name. */
	'User name' => __( 'User name', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file: first and last name. */
	'Name' => __( 'Name', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file: the id of the contact. */
	'Contact number' => __( 'Contact number', 'userlink-for-civicrm' ),
	/* translators: {id}: number of a user. Stands inside sentences in the place of {who} and {other}. */
	'user {id}' => __( 'user {id}', 'userlink-for-civicrm' ),
	/* translators: Stands inside sentences in the place of {other}, where the number is not known. */
	'another user' => __( 'another user', 'userlink-for-civicrm' ),
	/* translators: In the column “Contact”: a contact that does not exist yet. */
	'new' => __( 'new', 'userlink-for-civicrm' ),
	/* translators: {id}: number of a contact that has no name. */
	'contact {id}' => __( 'contact {id}', 'userlink-for-civicrm' ),
	/* translators: Stands behind a name; {id}: the number of that user or contact. */
	'no. {id}' => __( 'no. {id}', 'userlink-for-civicrm' ),
	/* translators: Button: end a search. */
	'Stop' => __( 'Stop', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Download {n} users as CSV' => userlink_plural( 'Download {n} user as CSV', 'Download {n} users as CSV', static fn( $n ) => _n( 'Download {n} user as CSV', 'Download {n} users as CSV', $n, 'userlink-for-civicrm' ) ),
	/* translators: Label of a field. */
	'Search in this list' => __( 'Search in this list', 'userlink-for-civicrm' ),
	/* translators: Progress of a download, in users. */
	'Collecting: {n} of {total}' => __( 'Collecting: {n} of {total}', 'userlink-for-civicrm' ),
	/* translators: Button: {n} more users of the list. */
	'Show {n} more' => __( 'Show {n} more', 'userlink-for-civicrm' ),
	/* translators: Button: go on searching in what is not loaded. */
	'Search the other {n} users' => userlink_plural( 'Search the other {n} user', 'Search the other {n} users', static fn( $n ) => _n( 'Search the other {n} user', 'Search the other {n} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: How much of a list is shown. */
	'The first {shown} of {n} users' => userlink_plural( 'The first {shown} of {n} user', 'The first {shown} of {n} users', static fn( $n ) => _n( 'The first {shown} of {n} user', 'The first {shown} of {n} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: {n} and {total} differ. */
	'The list has {n} users, although {total} were counted: it may have changed meanwhile.' => __( 'The list has {n} users, although {total} were counted: it may have changed meanwhile.', 'userlink-for-civicrm' ),
	/* translators: Result of a search. */
	'Nobody in this list matches.' => __( 'Nobody in this list matches.', 'userlink-for-civicrm' ),
	/* translators: Result of a search. */
	'{n} users match' => userlink_plural( '{n} user matches', '{n} users match', static fn( $n ) => _n( '{n} user matches', '{n} users match', $n, 'userlink-for-civicrm' ) ),
	/* translators: Progress of a search. */
	'Searching: {seen} of {total} users, {n} found' => __( 'Searching: {seen} of {total} users, {n} found', 'userlink-for-civicrm' ),
	/* translators: Result of a search that has not seen the whole list. */
	'{n} matches among the first {seen} of {total} users' => userlink_plural( '{n} match among the first {seen} of {total} users', '{n} matches among the first {seen} of {total} users', static fn( $n ) => _n( '{n} match among the first {seen} of {total} users', '{n} matches among the first {seen} of {total} users', $n, 'userlink-for-civicrm' ) ),
	/* translators: What will happen to the user. */
	'Link' => __( 'Link', 'userlink-for-civicrm' ),
	/* translators: What will happen to the user. */
	'Create a contact' => __( 'Create a contact', 'userlink-for-civicrm' ),
	/* translators: What will happen to the user. */
	'Update the email' => __( 'Update the email', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Linked' => __( 'Linked', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Contact created' => __( 'Contact created', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Email updated' => __( 'Email updated', 'userlink-for-civicrm' ),
	/* translators: What happened to the user: nothing; a person must decide. */
	'Needs a decision' => __( 'Needs a decision', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Could not be done' => __( 'Could not be done', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Skipped' => __( 'Skipped', 'userlink-for-civicrm' ),
	/* translators: What happened to the user: nothing. */
	'Already linked' => __( 'Already linked', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Link removed' => __( 'Link removed', 'userlink-for-civicrm' ),
	/* translators: What happened to the user: nothing. */
	'Left alone' => __( 'Left alone', 'userlink-for-civicrm' ),
	/* translators: What happened to the user, where this page is older than the service. */
	'Something else' => __( 'Something else', 'userlink-for-civicrm' ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users will be linked to contacts that exist' => userlink_plural( '{n} user will be linked to a contact that exists', '{n} users will be linked to contacts that exist', static fn( $n ) => _n( '{n} user will be linked to a contact that exists', '{n} users will be linked to contacts that exist', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} new contacts will be created' => userlink_plural( '{n} new contact will be created', '{n} new contacts will be created', static fn( $n ) => _n( '{n} new contact will be created', '{n} new contacts will be created', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} linked users changed their email; CiviCRM will follow' => userlink_plural( '{n} linked user changed the email; CiviCRM will follow', '{n} linked users changed their email; CiviCRM will follow', static fn( $n ) => _n( '{n} linked user changed the email; CiviCRM will follow', '{n} linked users changed their email; CiviCRM will follow', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users are left alone because they need a decision' => userlink_plural( '{n} user is left alone because it needs a decision', '{n} users are left alone because they need a decision', static fn( $n ) => _n( '{n} user is left alone because it needs a decision', '{n} users are left alone because they need a decision', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users are left out because their accounts could not be read' => userlink_plural( '{n} user is left out because the account could not be read', '{n} users are left out because their accounts could not be read', static fn( $n ) => _n( '{n} user is left out because the account could not be read', '{n} users are left out because their accounts could not be read', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users were deleted meanwhile' => userlink_plural( '{n} user was deleted meanwhile', '{n} users were deleted meanwhile', static fn( $n ) => _n( '{n} user was deleted meanwhile', '{n} users were deleted meanwhile', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users are linked already' => userlink_plural( '{n} user is linked already', '{n} users are linked already', static fn( $n ) => _n( '{n} user is linked already', '{n} users are linked already', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users were linked to contacts that existed' => userlink_plural( '{n} user was linked to a contact that existed', '{n} users were linked to contacts that existed', static fn( $n ) => _n( '{n} user was linked to a contact that existed', '{n} users were linked to contacts that existed', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} new contacts were created' => userlink_plural( '{n} new contact was created', '{n} new contacts were created', static fn( $n ) => _n( '{n} new contact was created', '{n} new contacts were created', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} linked users had a new email; CiviCRM followed' => userlink_plural( '{n} linked user had a new email; CiviCRM followed', '{n} linked users had a new email; CiviCRM followed', static fn( $n ) => _n( '{n} linked user had a new email; CiviCRM followed', '{n} linked users had a new email; CiviCRM followed', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users were left alone because they need a decision' => userlink_plural( '{n} user was left alone because it needs a decision', '{n} users were left alone because they need a decision', static fn( $n ) => _n( '{n} user was left alone because it needs a decision', '{n} users were left alone because they need a decision', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users could not be read or written' => userlink_plural( '{n} user could not be read or written', '{n} users could not be read or written', static fn( $n ) => _n( '{n} user could not be read or written', '{n} users could not be read or written', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview or a report; a button that shows these users. */
	'{n} users were linked already' => userlink_plural( '{n} user was linked already', '{n} users were linked already', static fn( $n ) => _n( '{n} user was linked already', '{n} users were linked already', $n, 'userlink-for-civicrm' ) ),
	'No contact has this email.' => __( 'No contact has this email.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'The contact with this email belongs to {other}; as in CiviCRM, a new contact is made.' => __( 'The contact with this email belongs to {other}; as in CiviCRM, a new contact is made.', 'userlink-for-civicrm' ),
	'It is the contact’s primary email.' => __( 'It is the contact’s primary email.', 'userlink-for-civicrm' ),
	'It is another email of the contact.' => __( 'It is another email of the contact.', 'userlink-for-civicrm' ),
	'Several contacts have this email; this is the one CiviCRM takes. Please check that it is the right one.' => __( 'Several contacts have this email; this is the one CiviCRM takes. Please check that it is the right one.', 'userlink-for-civicrm' ),
	'The link was there before.' => __( 'The link was there before.', 'userlink-for-civicrm' ),
	'The user’s email has changed.' => __( 'The user’s email has changed.', 'userlink-for-civicrm' ),
	'The user was deleted; the contact stays.' => __( 'The user was deleted; the contact stays.', 'userlink-for-civicrm' ),
	'This site’s settings do nothing here.' => __( 'This site’s settings do nothing here.', 'userlink-for-civicrm' ),
	'A later change of this user was handled already.' => __( 'A later change of this user was handled already.', 'userlink-for-civicrm' ),
	'The user is not linked, so there is nothing to change.' => __( 'The user is not linked, so there is nothing to change.', 'userlink-for-civicrm' ),
	'The user was deleted meanwhile.' => __( 'The user was deleted meanwhile.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'This email is recorded in CiviCRM for {other}.' => __( 'This email is recorded in CiviCRM for {other}.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'This email is recorded in CiviCRM for {other}, who no longer exists.' => __( 'This email is recorded in CiviCRM for {other}, who no longer exists.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'The user’s new email is recorded in CiviCRM for {other}.' => __( 'The user’s new email is recorded in CiviCRM for {other}.', 'userlink-for-civicrm' ),
	'The user has no email.' => __( 'The user has no email.', 'userlink-for-civicrm' ),
	'The user’s email is not a valid address.' => __( 'The user’s email is not a valid address.', 'userlink-for-civicrm' ),
	'The user’s email has more than 128 characters.' => __( 'The user’s email has more than 128 characters.', 'userlink-for-civicrm' ),
	'A part of the user’s name has more than 64 characters.' => __( 'A part of the user’s name has more than 64 characters.', 'userlink-for-civicrm' ),
	'The user is linked to several contacts.' => __( 'The user is linked to several contacts.', 'userlink-for-civicrm' ),
	'The user’s link names a contact that does not exist.' => __( 'The user’s link names a contact that does not exist.', 'userlink-for-civicrm' ),
	'The account could not be read from the site’s database.' => __( 'The account could not be read from the site’s database.', 'userlink-for-civicrm' ),
	'The database refused this user; the others are not affected.' => __( 'The database refused this user; the others are not affected.', 'userlink-for-civicrm' ),
	'The user was deleted while the run went on.' => __( 'The user was deleted while the run went on.', 'userlink-for-civicrm' ),
	'What was written for this user is taken back.' => __( 'What was written for this user is taken back.', 'userlink-for-civicrm' ),
	'The contact was edited, merged or put in the trash since.' => __( 'The contact was edited, merged or put in the trash since.', 'userlink-for-civicrm' ),
	'Something is recorded for the new contact by now, such as a contribution, an activity or a group.' => __( 'Something is recorded for the new contact by now, such as a contribution, an activity or a group.', 'userlink-for-civicrm' ),
	'The email in CiviCRM was changed, removed or used since.' => __( 'The email in CiviCRM was changed, removed or used since.', 'userlink-for-civicrm' ),
	'The link was changed or removed since.' => __( 'The link was changed or removed since.', 'userlink-for-civicrm' ),
	'What would have to be changed back or linked again is no longer there.' => __( 'What would have to be changed back or linked again is no longer there.', 'userlink-for-civicrm' ),
	'The email or the contact stands on another link by now.' => __( 'The email or the contact stands on another link by now.', 'userlink-for-civicrm' ),
	'Somebody has decided anew about this user since.' => __( 'Somebody has decided anew about this user since.', 'userlink-for-civicrm' ),
	'Somebody has used or edited this contact by now, so it is no orphan.' => __( 'Somebody has used or edited this contact by now, so it is no orphan.', 'userlink-for-civicrm' ),
	'The contact has the user’s email among its others. Which one is primary is for you to say.' => __( 'The contact has the user’s email among its others. Which one is primary is for you to say.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'The contact is linked to {other} too. Please find out whose it is.' => __( 'The contact is linked to {other} too. Please find out whose it is.', 'userlink-for-civicrm' ),
	'There is nothing to mend any more.' => __( 'There is nothing to mend any more.', 'userlink-for-civicrm' ),
	'The user is linked, to the contact that a synchronization takes.' => __( 'The user is linked, to the contact that a synchronization takes.', 'userlink-for-civicrm' ),
	'A synchronization had left this contact without a link, and nobody has used it. It goes to CiviCRM’s trash.' => __( 'A synchronization had left this contact without a link, and nobody has used it. It goes to CiviCRM’s trash.', 'userlink-for-civicrm' ),
	'The link of a user or a contact that does not exist is removed.' => __( 'The link of a user or a contact that does not exist is removed.', 'userlink-for-civicrm' ),
	'The link is recorded under the user’s email again.' => __( 'The link is recorded under the user’s email again.', 'userlink-for-civicrm' ),
	'The contact’s primary email is the user’s again.' => __( 'The contact’s primary email is the user’s again.', 'userlink-for-civicrm' ),
	'userlink gives a reason that this page does not know. Please update the plugin.' => __( 'userlink gives a reason that this page does not know. Please update the plugin.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. {email}: an address. */
	'CiviCRM has recorded {email} for {other}, who has an account here.' => __( 'CiviCRM has recorded {email} for {other}, who has an account here.', 'userlink-for-civicrm' ),
	'CiviCRM accepts an email for one user only, so this user cannot be linked. Nothing was written.' => __( 'CiviCRM accepts an email for one user only, so this user cannot be linked. Nothing was written.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. */
	'Open the account of {other}. If it has another email by now, save it once, and CiviCRM follows. If both accounts use this email, give one of them another, or delete the one that is not needed. Then make a new preview.' => __( 'Open the account of {other}. If it has another email by now, save it once, and CiviCRM follows. If both accounts use this email, give one of them another, or delete the one that is not needed. Then make a new preview.', 'userlink-for-civicrm' ),
	'The only contact with this email is in the trash; as in CiviCRM, a new one is made.' => __( 'The only contact with this email is in the trash; as in CiviCRM, a new one is made.', 'userlink-for-civicrm' ),
	'There are contacts with this email, but this site’s settings say to make a new one.' => __( 'There are contacts with this email, but this site’s settings say to make a new one.', 'userlink-for-civicrm' ),
	'A person decided so.' => __( 'A person decided so.', 'userlink-for-civicrm' ),
	'The contact’s email differs by an accent or the like. Please check that it is the same person.' => __( 'The contact’s email differs by an accent or the like. Please check that it is the same person.', 'userlink-for-civicrm' ),
	'The contact has this email and this name.' => __( 'The contact has this email and this name.', 'userlink-for-civicrm' ),
	'CiviCRM’s rule for duplicates (Unsupervised) finds this contact.' => __( 'CiviCRM’s rule for duplicates (Unsupervised) finds this contact.', 'userlink-for-civicrm' ),
	'The link was there before, but its contact is in the trash.' => __( 'The link was there before, but its contact is in the trash.', 'userlink-for-civicrm' ),
	'Somebody decided to leave this user alone.' => __( 'Somebody decided to leave this user alone.', 'userlink-for-civicrm' ),
	'This site’s settings leave users with this role or status out.' => __( 'This site’s settings leave users with this role or status out.', 'userlink-for-civicrm' ),
	'A contact matches, but the user has not yet logged in and so not proved to own the email.' => __( 'A contact matches, but the user has not yet logged in and so not proved to own the email.', 'userlink-for-civicrm' ),
	/* translators: {other}: another user. */
	'An email that differs by an accent or the like is recorded in CiviCRM for {other}.' => __( 'An email that differs by an accent or the like is recorded in CiviCRM for {other}.', 'userlink-for-civicrm' ),
	/* translators: {other}: another user. */
	'The user’s new email is recorded in CiviCRM for {other}, who no longer exists.' => __( 'The user’s new email is recorded in CiviCRM for {other}, who no longer exists.', 'userlink-for-civicrm' ),
	'Several contacts match, and this site wants a person to choose.' => __( 'Several contacts match, and this site wants a person to choose.', 'userlink-for-civicrm' ),
	'A contact’s email differs by an accent or the like, and this site wants a person to decide.' => __( 'A contact’s email differs by an accent or the like, and this site wants a person to decide.', 'userlink-for-civicrm' ),
	/* translators: {other}: another user. */
	'CiviCRM has recorded an email for {other} that the database holds equal to {email}. They differ by an accent or the like.' => __( 'CiviCRM has recorded an email for {other} that the database holds equal to {email}. They differ by an accent or the like.', 'userlink-for-civicrm' ),
	'Two such emails can belong to two people. CiviCRM accepts only one of them, so this user cannot be linked. Nothing was written.' => __( 'Two such emails can belong to two people. CiviCRM accepts only one of them, so this user cannot be linked. Nothing was written.', 'userlink-for-civicrm' ),
	'Find out whether it is the same person. If somebody registered with an email that looks like another person’s, be careful. Give one of the accounts another email, or leave this user alone.' => __( 'Find out whether it is the same person. If somebody registered with an email that looks like another person’s, be careful. Give one of the accounts another email, or leave this user alone.', 'userlink-for-civicrm' ),
	'Take over the old record: it is removed, and this user is linked. Or choose a contact yourself.' => __( 'Take over the old record: it is removed, and this user is linked. Or choose a contact yourself.', 'userlink-for-civicrm' ),
	/* translators: {other}: another user. */
	'The user’s email was changed to {email}, which CiviCRM has recorded for {other}, who no longer exists.' => __( 'The user’s email was changed to {email}, which CiviCRM has recorded for {other}, who no longer exists.', 'userlink-for-civicrm' ),
	'Take over the old record: it is removed, and this user’s link follows the new email.' => __( 'Take over the old record: it is removed, and this user’s link follows the new email.', 'userlink-for-civicrm' ),
	/* translators: {email}: of the user. */
	'Several contacts in CiviCRM could be this user with {email}.' => __( 'Several contacts in CiviCRM could be this user with {email}.', 'userlink-for-civicrm' ),
	'This site’s settings leave the choice to a person. Nothing was written.' => __( 'This site’s settings leave the choice to a person. Nothing was written.', 'userlink-for-civicrm' ),
	'Link the user to the right contact, or make a new one.' => __( 'Link the user to the right contact, or make a new one.', 'userlink-for-civicrm' ),
	/* translators: {email}: of the user. */
	'A contact in CiviCRM has an email that the database holds equal to {email}. They differ by an accent or the like.' => __( 'A contact in CiviCRM has an email that the database holds equal to {email}. They differ by an accent or the like.', 'userlink-for-civicrm' ),
	'Two such emails can belong to two people. This site’s settings leave the choice to a person. Nothing was written.' => __( 'Two such emails can belong to two people. This site’s settings leave the choice to a person. Nothing was written.', 'userlink-for-civicrm' ),
	'Find out whether it is the same person. Then link the user to that contact, or make a new one.' => __( 'Find out whether it is the same person. Then link the user to that contact, or make a new one.', 'userlink-for-civicrm' ),
	'Find out which contact is the right one, and link the user to it. The other links are removed; the contacts stay.' => __( 'Find out which contact is the right one, and link the user to it. The other links are removed; the contacts stay.', 'userlink-for-civicrm' ),
	'Link the user to a contact, or make a new one. The broken record is removed.' => __( 'Link the user to a contact, or make a new one. The broken record is removed.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. {email}: an address. */
	'CiviCRM has recorded {email} for {other}, who no longer exists.' => __( 'CiviCRM has recorded {email} for {other}, who no longer exists.', 'userlink-for-civicrm' ),
	'The old record blocks the email, so this user cannot be linked. Nothing was written.' => __( 'The old record blocks the email, so this user cannot be linked. Nothing was written.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. {email}: an address. */
	'The user’s email was changed to {email}, which CiviCRM has recorded for {other}.' => __( 'The user’s email was changed to {email}, which CiviCRM has recorded for {other}.', 'userlink-for-civicrm' ),
	'The link stays as it was: CiviCRM keeps this user’s old email.' => __( 'The link stays as it was: CiviCRM keeps this user’s old email.', 'userlink-for-civicrm' ),
	'Find out whose email it is, and correct the other account. Then make a new preview.' => __( 'Find out whose email it is, and correct the other account. Then make a new preview.', 'userlink-for-civicrm' ),
	'The account has no email.' => __( 'The account has no email.', 'userlink-for-civicrm' ),
	'Contacts are found by email, so this user cannot be linked. Nothing was written.' => __( 'Contacts are found by email, so this user cannot be linked. Nothing was written.', 'userlink-for-civicrm' ),
	'Enter an email in the user’s account. The link is then made by the next sync at the latest.' => __( 'Enter an email in the user’s account. The link is then made by the next sync at the latest.', 'userlink-for-civicrm' ),
	/* translators: {email}: an address. */
	'“{email}” is not a valid email.' => __( '“{email}” is not a valid email.', 'userlink-for-civicrm' ),
	'Correct the email in the user’s account. The link is then made by the next sync at the latest.' => __( 'Correct the email in the user’s account. The link is then made by the next sync at the latest.', 'userlink-for-civicrm' ),
	'The account’s email has more than 128 characters.' => __( 'The account’s email has more than 128 characters.', 'userlink-for-civicrm' ),
	'CiviCRM has no room for it in the link. Nothing was written.' => __( 'CiviCRM has no room for it in the link. Nothing was written.', 'userlink-for-civicrm' ),
	'Enter a shorter email in the user’s account. The link is then made by the next sync at the latest.' => __( 'Enter a shorter email in the user’s account. The link is then made by the next sync at the latest.', 'userlink-for-civicrm' ),
	'The user’s first, middle or last name has more than 64 characters.' => __( 'The user’s first, middle or last name has more than 64 characters.', 'userlink-for-civicrm' ),
	'CiviCRM has no room for it in a contact. Nothing was written.' => __( 'CiviCRM has no room for it in a contact. Nothing was written.', 'userlink-for-civicrm' ),
	'Shorten the name in the user’s account. Then make a new preview.' => __( 'Shorten the name in the user’s account. Then make a new preview.', 'userlink-for-civicrm' ),
	'CiviCRM has recorded several contacts for this user.' => __( 'CiviCRM has recorded several contacts for this user.', 'userlink-for-civicrm' ),
	'Nobody can tell which of them is the person, so their data may be divided. Nothing was written.' => __( 'Nobody can tell which of them is the person, so their data may be divided. Nothing was written.', 'userlink-for-civicrm' ),
	'CiviCRM has recorded a contact for this user that does not exist.' => __( 'CiviCRM has recorded a contact for this user that does not exist.', 'userlink-for-civicrm' ),
	'The user counts as linked but has no contact. Nothing was written.' => __( 'The user counts as linked but has no contact. Nothing was written.', 'userlink-for-civicrm' ),
	'Nothing was written for this user.' => __( 'Nothing was written for this user.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'No conflicts' => __( 'No conflicts', 'userlink-for-civicrm' ),
	'No user needs a decision from you.' => __( 'No user needs a decision from you.', 'userlink-for-civicrm' ),
	'userlink does not guess: nothing was written for these users. An entry goes away by itself as soon as its cause does.' => __( 'userlink does not guess: nothing was written for these users. An entry goes away by itself as soon as its cause does.', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file. */
	'What happened' => __( 'What happened', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file. */
	'What it means' => __( 'What it means', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file. */
	'What to do' => __( 'What to do', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file. */
	'First seen' => __( 'First seen', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file. */
	'Last seen' => __( 'Last seen', 'userlink-for-civicrm' ),
	/* translators: Column of a CSV file: how often it was seen. */
	'Times' => __( 'Times', 'userlink-for-civicrm' ),
	/* translators: Stands in the place of {email}. */
	'no email' => __( 'no email', 'userlink-for-civicrm' ),
	/* translators: Title of a conflict. {name}: of the user. {id}: number of the user. */
	'{name} ({email}), user {id}' => __( '{name} ({email}), user {id}', 'userlink-for-civicrm' ),
	/* translators: Followed by a sentence. */
	'What to do:' => __( 'What to do:', 'userlink-for-civicrm' ),
	/* translators: Followed by the name of a contact. */
	'Contact:' => __( 'Contact:', 'userlink-for-civicrm' ),
	/* translators: How often a conflict was seen. {first}, {last}: “2 minutes ago”. */
	'Seen {n} times, first {first}, last {last}.' => userlink_plural( 'Seen {n} time, {first}.', 'Seen {n} times, first {first}, last {last}.', static fn( $n ) => _n( 'Seen {n} time, {first}.', 'Seen {n} times, first {first}, last {last}.', $n, 'userlink-for-civicrm' ) ),
	/* translators: Column of a table: when. */
	'Started' => __( 'Started', 'userlink-for-civicrm' ),
	/* translators: Column of a table: who started it. */
	'By' => __( 'By', 'userlink-for-civicrm' ),
	/* translators: Column of a table. */
	'Result' => __( 'Result', 'userlink-for-civicrm' ),
	'Show older ones' => __( 'Show older ones', 'userlink-for-civicrm' ),
	'Nothing has been run yet.' => __( 'Nothing has been run yet.', 'userlink-for-civicrm' ),
	/* translators: What a button shows. {when}: date and time. */
	'Report of {when}' => __( 'Report of {when}', 'userlink-for-civicrm' ),
	/* translators: What a run was. */
	'Synchronization' => __( 'Synchronization', 'userlink-for-civicrm' ),
	/* translators: Button: back to the list. */
	'All runs' => __( 'All runs', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Preview of {when}' => __( 'Preview of {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Synchronization of {when}' => __( 'Synchronization of {when}', 'userlink-for-civicrm' ),
	/* translators: {who}: “user 5” or “the command line”. */
	'Started by {who}.' => __( 'Started by {who}.', 'userlink-for-civicrm' ),
	/* translators: How a run ended. */
	'Done: {n} users checked.' => userlink_plural( 'Done: {n} user checked.', 'Done: {n} users checked.', static fn( $n ) => _n( 'Done: {n} user checked.', 'Done: {n} users checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: How a run ended. */
	'Cancelled: {checked} of {n} users checked.' => userlink_plural( 'Cancelled: {checked} of {n} user checked.', 'Cancelled: {checked} of {n} users checked.', static fn( $n ) => _n( 'Cancelled: {checked} of {n} user checked.', 'Cancelled: {checked} of {n} users checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: How a run ended; the cause follows. */
	'Stopped: {checked} of {n} users checked.' => userlink_plural( 'Stopped: {checked} of {n} user checked.', 'Stopped: {checked} of {n} users checked.', static fn( $n ) => _n( 'Stopped: {checked} of {n} user checked.', 'Stopped: {checked} of {n} users checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: State of a run that has not ended. */
	'Under way.' => __( 'Under way.', 'userlink-for-civicrm' ),
	/* translators: Followed by a list. */
	'What to check:' => __( 'What to check:', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Reload the page' => __( 'Reload the page', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Try again' => __( 'Try again', 'userlink-for-civicrm' ),
	/* translators: Link. */
	'Open the settings' => __( 'Open the settings', 'userlink-for-civicrm' ),
	/* translators: A button after it was pressed. */
	'Copied' => __( 'Copied', 'userlink-for-civicrm' ),
	/* translators: Followed by a number that finds the error in the log. */
	'For the log:' => __( 'For the log:', 'userlink-for-civicrm' ),
	/* translators: Button: to the clipboard. */
	'Copy' => __( 'Copy', 'userlink-for-civicrm' ),
	'Registration and login work as always.' => __( 'Registration and login work as always.', 'userlink-for-civicrm' ),
	'userlink is not answering at the address in Settings' => __( 'userlink is not answering at the address in Settings', 'userlink-for-civicrm' ),
	'Does the userlink service run on the server? On most servers “systemctl status userlink” says so.' => __( 'Does the userlink service run on the server? On most servers “systemctl status userlink” says so.', 'userlink-for-civicrm' ),
	'Does it listen at the address that is entered in Settings?' => __( 'Does it listen at the address that is entered in Settings?', 'userlink-for-civicrm' ),
	'If the address is a socket file: may the web server use the file?' => __( 'If the address is a socket file: may the web server use the file?', 'userlink-for-civicrm' ),
	'The service’s log says why it stopped, if it did.' => __( 'The service’s log says why it stopped, if it did.', 'userlink-for-civicrm' ),
	'userlink is not set up yet' => __( 'userlink is not set up yet', 'userlink-for-civicrm' ),
	'The address of the userlink service, the site’s name or its key is missing.' => __( 'The address of the userlink service, the site’s name or its key is missing.', 'userlink-for-civicrm' ),
	'Until then users are not linked; registration and login work as always.' => __( 'Until then users are not linked; registration and login work as always.', 'userlink-for-civicrm' ),
	'Your session has ended' => __( 'Your session has ended', 'userlink-for-civicrm' ),
	'The page was open for a long time, or you logged out in another window.' => __( 'The page was open for a long time, or you logged out in another window.', 'userlink-for-civicrm' ),
	'A run that was under way goes on.' => __( 'A run that was under way goes on.', 'userlink-for-civicrm' ),
	'Reload the page, and log in again if you are asked to.' => __( 'Reload the page, and log in again if you are asked to.', 'userlink-for-civicrm' ),
	'You may not do this' => __( 'You may not do this', 'userlink-for-civicrm' ),
	'Your account does not have the permission to synchronize users.' => __( 'Your account does not have the permission to synchronize users.', 'userlink-for-civicrm' ),
	'Ask an administrator of the site.' => __( 'Ask an administrator of the site.', 'userlink-for-civicrm' ),
	'The clocks do not agree' => __( 'The clocks do not agree', 'userlink-for-civicrm' ),
	'userlink refused the call because its time is too far from its own clock.' => __( 'userlink refused the call because its time is too far from its own clock.', 'userlink-for-civicrm' ),
	'Changes of users wait and will be sent.' => __( 'Changes of users wait and will be sent.', 'userlink-for-civicrm' ),
	'Set the clocks of the web server and of the server with userlink; they may differ by half a minute at most.' => __( 'Set the clocks of the web server and of the server with userlink; they may differ by half a minute at most.', 'userlink-for-civicrm' ),
	'The key does not fit' => __( 'The key does not fit', 'userlink-for-civicrm' ),
	'The key of this site is not the one that userlink knows.' => __( 'The key of this site is not the one that userlink knows.', 'userlink-for-civicrm' ),
	'Compare the key and its name in the site’s configuration with those in userlink’s configuration.' => __( 'Compare the key and its name in the site’s configuration with those in userlink’s configuration.', 'userlink-for-civicrm' ),
	'If the key was changed lately: was the userlink service restarted since?' => __( 'If the key was changed lately: was the userlink service restarted since?', 'userlink-for-civicrm' ),
	'The call arrived without its signature' => __( 'The call arrived without its signature', 'userlink-for-civicrm' ),
	'Something between the site and userlink takes the header “Authorization” away.' => __( 'Something between the site and userlink takes the header “Authorization” away.', 'userlink-for-civicrm' ),
	'Is the address in Settings really that of userlink, without a proxy in between?' => __( 'Is the address in Settings really that of userlink, without a proxy in between?', 'userlink-for-civicrm' ),
	'The signature belongs to another call' => __( 'The signature belongs to another call', 'userlink-for-civicrm' ),
	'The site’s name in Settings differs from the one in userlink’s configuration, or the call was changed on its way.' => __( 'The site’s name in Settings differs from the one in userlink’s configuration, or the call was changed on its way.', 'userlink-for-civicrm' ),
	'Compare the site’s name in Settings with the one in userlink’s configuration.' => __( 'Compare the site’s name in Settings with the one in userlink’s configuration.', 'userlink-for-civicrm' ),
	'The plugin and userlink do not fit together' => __( 'The plugin and userlink do not fit together', 'userlink-for-civicrm' ),
	'userlink did not accept the call as one of an administrator.' => __( 'userlink did not accept the call as one of an administrator.', 'userlink-for-civicrm' ),
	'Update the plugin and userlink to the same version.' => __( 'Update the plugin and userlink to the same version.', 'userlink-for-civicrm' ),
	'The same call arrived twice' => __( 'The same call arrived twice', 'userlink-for-civicrm' ),
	'userlink accepts each call once.' => __( 'userlink accepts each call once.', 'userlink-for-civicrm' ),
	/* translators: Advice. */
	'Try again.' => __( 'Try again.', 'userlink-for-civicrm' ),
	'userlink cannot reach its database' => __( 'userlink cannot reach its database', 'userlink-for-civicrm' ),
	'The service runs, but a database does not answer.' => __( 'The service runs, but a database does not answer.', 'userlink-for-civicrm' ),
	'Does the database server run, and does it accept userlink’s account? “userlink check” on the server says what is wrong.' => __( 'Does the database server run, and does it accept userlink’s account? “userlink check” on the server says what is wrong.', 'userlink-for-civicrm' ),
	'A run is under way already' => __( 'A run is under way already', 'userlink-for-civicrm' ),
	'Only one run at a time is possible.' => __( 'Only one run at a time is possible.', 'userlink-for-civicrm' ),
	'Wait until it has ended, and try again.' => __( 'Wait until it has ended, and try again.', 'userlink-for-civicrm' ),
	'This is no longer possible' => __( 'This is no longer possible', 'userlink-for-civicrm' ),
	'The run has ended, or the preview was carried out already.' => __( 'The run has ended, or the preview was carried out already.', 'userlink-for-civicrm' ),
	'This is not there any more' => __( 'This is not there any more', 'userlink-for-civicrm' ),
	'The list may have been deleted, or the plugin and userlink are of different versions.' => __( 'The list may have been deleted, or the plugin and userlink are of different versions.', 'userlink-for-civicrm' ),
	'The web site does not answer' => __( 'The web site does not answer', 'userlink-for-civicrm' ),
	'Your browser could not reach the site.' => __( 'Your browser could not reach the site.', 'userlink-for-civicrm' ),
	'Check your network connection.' => __( 'Check your network connection.', 'userlink-for-civicrm' ),
	'The site answered with an error' => __( 'The site answered with an error', 'userlink-for-civicrm' ),
	'The site could not pass the call on to userlink.' => __( 'The site could not pass the call on to userlink.', 'userlink-for-civicrm' ),
	'If it happens again, the log of the site says more.' => __( 'If it happens again, the log of the site says more.', 'userlink-for-civicrm' ),
	'The site’s answer could not be read' => __( 'The site’s answer could not be read', 'userlink-for-civicrm' ),
	'The site answered with something else than userlink’s data, perhaps a warning of another extension or a login page.' => __( 'The site answered with something else than userlink’s data, perhaps a warning of another extension or a login page.', 'userlink-for-civicrm' ),
	'Reload the page. If that does not help, the site’s error log says more.' => __( 'Reload the page. If that does not help, the site’s error log says more.', 'userlink-for-civicrm' ),
	/* translators: Changes that the service has not got yet. */
	'{n} changes of users wait and will be sent.' => userlink_plural( '{n} change of a user waits and will be sent.', '{n} changes of users wait and will be sent.', static fn( $n ) => _n( '{n} change of a user waits and will be sent.', '{n} changes of users wait and will be sent.', $n, 'userlink-for-civicrm' ) ),
	'Something went wrong' => __( 'Something went wrong', 'userlink-for-civicrm' ),
	'userlink could not do this.' => __( 'userlink could not do this.', 'userlink-for-civicrm' ),
	'Try again. If it happens again, the log has the details under the number below.' => __( 'Try again. If it happens again, the log has the details under the number below.', 'userlink-for-civicrm' ),
	'Try again. If it happens again, the log of the site says more.' => __( 'Try again. If it happens again, the log of the site says more.', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Nobody is left alone' => __( 'Nobody is left alone', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'{n} users are left alone' => userlink_plural( '{n} user is left alone', '{n} users are left alone', static fn( $n ) => _n( '{n} user is left alone', '{n} users are left alone', $n, 'userlink-for-civicrm' ) ),
	'Users whom you leave alone are listed here.' => __( 'Users whom you leave alone are listed here.', 'userlink-for-civicrm' ),
	/* translators: Button that shows the users who need a decision. {n}: how many. */
	'To decide: {n}' => __( 'To decide: {n}', 'userlink-for-civicrm' ),
	/* translators: Button that shows the users who are left alone. {n}: how many. */
	'Left alone: {n}' => __( 'Left alone: {n}', 'userlink-for-civicrm' ),
	/* translators: For screen readers: name of a group of buttons that choose a list. */
	'Which users' => __( 'Which users', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'Since {when}.' => __( 'Since {when}.', 'userlink-for-civicrm' ),
	'Create a new contact and link it' => __( 'Create a new contact and link it', 'userlink-for-civicrm' ),
	/* translators: A choice. {other}: “user 17”. */
	'Remove the record of {other}, and link this user' => __( 'Remove the record of {other}, and link this user', 'userlink-for-civicrm' ),
	'To the same contact if it is free and has the email, else as a sync would.' => __( 'To the same contact if it is free and has the email, else as a sync would.', 'userlink-for-civicrm' ),
	'Leave this user alone' => __( 'Leave this user alone', 'userlink-for-civicrm' ),
	'No link and no question until you ask for it again, under “Left alone”.' => __( 'No link and no question until you ask for it again, under “Left alone”.', 'userlink-for-civicrm' ),
	'No longer leave this user alone' => __( 'No longer leave this user alone', 'userlink-for-civicrm' ),
	'The next sync looks at the user again.' => __( 'The next sync looks at the user again.', 'userlink-for-civicrm' ),
	/* translators: A choice. {contact}: name and number of a contact. */
	'Link to {contact}' => __( 'Link to {contact}', 'userlink-for-civicrm' ),
	'Link to another contact' => __( 'Link to another contact', 'userlink-for-civicrm' ),
	'Link to a contact that exists' => __( 'Link to a contact that exists', 'userlink-for-civicrm' ),
	/* translators: Why a contact cannot be chosen. {other}: “user 17”. */
	'It belongs to {other}.' => __( 'It belongs to {other}.', 'userlink-for-civicrm' ),
	'The email is its primary one.' => __( 'The email is its primary one.', 'userlink-for-civicrm' ),
	'The email is one of its others.' => __( 'The email is one of its others.', 'userlink-for-civicrm' ),
	/* translators: Button, and what a run was: taking back what another run wrote. */
	'Undo' => __( 'Undo', 'userlink-for-civicrm' ),
	/* translators: What a button does. {id}: number of the user. */
	'Undo the decision about user {id}' => __( 'Undo the decision about user {id}', 'userlink-for-civicrm' ),
	'Choose one of these first.' => __( 'Choose one of these first.', 'userlink-for-civicrm' ),
	/* translators: Title of a list of choices. */
	'What should be done?' => __( 'What should be done?', 'userlink-for-civicrm' ),
	'userlink offers more than this page knows. Please update the plugin.' => __( 'userlink offers more than this page knows. Please update the plugin.', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Save' => __( 'Save', 'userlink-for-civicrm' ),
	/* translators: What a button does. {id}: number of the user. */
	'Save the decision about user {id}' => __( 'Save the decision about user {id}', 'userlink-for-civicrm' ),
	'The number stands in the address of the contact’s page in CiviCRM, behind “cid=”.' => __( 'The number stands in the address of the contact’s page in CiviCRM, behind “cid=”.', 'userlink-for-civicrm' ),
	'Enter the number of the contact.' => __( 'Enter the number of the contact.', 'userlink-for-civicrm' ),
	/* translators: {user}: a name. */
	'{user} is left alone from now on.' => __( '{user} is left alone from now on.', 'userlink-for-civicrm' ),
	/* translators: {user}: a name. {contact}: name and number of a contact. */
	'{user} is linked to a new contact: {contact}.' => __( '{user} is linked to a new contact: {contact}.', 'userlink-for-civicrm' ),
	/* translators: {user}: a name. {contact}: name and number of a contact. */
	'{user} is linked to {contact}.' => __( '{user} is linked to {contact}.', 'userlink-for-civicrm' ),
	/* translators: {user}: a name. */
	'{user} is no longer left alone. The next sync looks at the user again.' => __( '{user} is no longer left alone. The next sync looks at the user again.', 'userlink-for-civicrm' ),
	/* translators: What became of a user. {what}: “Linked”, “Left alone” and so on. {why}: a sentence. */
	'{user}: {what}. {why}' => __( '{user}: {what}. {why}', 'userlink-for-civicrm' ),
	'The tab “History” shows how it stands; a new preview shows what is left.' => __( 'The tab “History” shows how it stands; a new preview shows what is left.', 'userlink-for-civicrm' ),
	'This choice is no longer possible' => __( 'This choice is no longer possible', 'userlink-for-civicrm' ),
	'Something has changed meanwhile: perhaps somebody else has decided, or the contact belongs to another user or is in the trash by now.' => __( 'Something has changed meanwhile: perhaps somebody else has decided, or the contact belongs to another user or is in the trash by now.', 'userlink-for-civicrm' ),
	'Look at what can be chosen now.' => __( 'Look at what can be chosen now.', 'userlink-for-civicrm' ),
	/* translators: Button: search. */
	'Find' => __( 'Find', 'userlink-for-civicrm' ),
	'User number, user name or email' => __( 'User number, user name or email', 'userlink-for-civicrm' ),
	'Write the name or the email in full.' => __( 'Write the name or the email in full.', 'userlink-for-civicrm' ),
	/* translators: Name of a tab, and heading. */
	'Find a user' => __( 'Find a user', 'userlink-for-civicrm' ),
	'Nobody was found' => __( 'Nobody was found', 'userlink-for-civicrm' ),
	'No user has this number, user name or email. Parts of a name or an email are not looked for.' => __( 'No user has this number, user name or email. Parts of a name or an email are not looked for.', 'userlink-for-civicrm' ),
	/* translators: Title of a table. */
	'Users' => __( 'Users', 'userlink-for-civicrm' ),
	/* translators: Button and column of a table: all that is known about a user. */
	'Details' => __( 'Details', 'userlink-for-civicrm' ),
	/* translators: What a button shows. {id}: number of the user. */
	'Details about user {id}' => __( 'Details about user {id}', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'{n} users were found' => userlink_plural( '{n} user was found', '{n} users were found', static fn( $n ) => _n( '{n} user was found', '{n} users were found', $n, 'userlink-for-civicrm' ) ),
	/* translators: Heading. {id}: number of the user. */
	'User {id}' => __( 'User {id}', 'userlink-for-civicrm' ),
	'What a sync would do now' => __( 'What a sync would do now', 'userlink-for-civicrm' ),
	'What userlink sees' => __( 'What userlink sees', 'userlink-for-civicrm' ),
	'What happened before' => __( 'What happened before', 'userlink-for-civicrm' ),
	'The site has no user with this number.' => __( 'The site has no user with this number.', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'The user was deleted {when}.' => __( 'The user was deleted {when}.', 'userlink-for-civicrm' ),
	/* translators: {what}: what will happen to the user, for example “Link”; a sentence with the reason follows. */
	'{what}:' => __( '{what}:', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'A person decided {when} to leave this user alone.' => __( 'A person decided {when} to leave this user alone.', 'userlink-for-civicrm' ),
	'The site’s settings leave this user’s role or status out.' => __( 'The site’s settings leave this user’s role or status out.', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'The user proved to own the email {when}.' => __( 'The user proved to own the email {when}.', 'userlink-for-civicrm' ),
	'The user has not yet proved to own the email; that happens at the first login.' => __( 'The user has not yet proved to own the email; that happens at the first login.', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'When the user registers' => __( 'When the user registers', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'When the account is saved' => __( 'When the account is saved', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'When the user logs in' => __( 'When the user logs in', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'When the account is deleted' => __( 'When the account is deleted', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'When the user opens CiviCRM' => __( 'When the user opens CiviCRM', 'userlink-for-civicrm' ),
	/* translators: On which occasion. */
	'In a synchronization' => __( 'In a synchronization', 'userlink-for-civicrm' ),
	/* translators: Column of a table: on which occasion. */
	'When' => __( 'When', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'{contact} has the email, but is in the trash.' => __( '{contact} has the email, but is in the trash.', 'userlink-for-civicrm' ),
	'There is no link of this user.' => __( 'There is no link of this user.', 'userlink-for-civicrm' ),
	'There is no link of this user, and no contact with the email.' => __( 'There is no link of this user, and no contact with the email.', 'userlink-for-civicrm' ),
	'That contact does not exist.' => __( 'That contact does not exist.', 'userlink-for-civicrm' ),
	'That contact is in the trash.' => __( 'That contact is in the trash.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. {email}: an address. */
	'A link to {contact}, with the email {email}.' => __( 'A link to {contact}, with the email {email}.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. {contact}: name and number of a contact. */
	'The email stands on the link of {other}, who no longer exists, to {contact}.' => __( 'The email stands on the link of {other}, who no longer exists, to {contact}.', 'userlink-for-civicrm' ),
	/* translators: {other}: “user 17”. {contact}: name and number of a contact. */
	'The email stands on the link of {other} to {contact}.' => __( 'The email stands on the link of {other} to {contact}.', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact: by which rule. */
	'found by the email' => __( 'found by the email', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact: by which rule. */
	'found by the email and the names' => __( 'found by the email and the names', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact: by which rule. */
	'found by CiviCRM’s rule for duplicates' => __( 'found by CiviCRM’s rule for duplicates', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact. {other}: “user 17”. */
	'it belongs to {other}' => __( 'it belongs to {other}', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact: no user is linked to it. */
	'it is free' => __( 'it is free', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact: the database takes both for the same. */
	'its email is nearly the same' => __( 'its email is nearly the same', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact. */
	'the email is its primary one' => __( 'the email is its primary one', 'userlink-for-civicrm' ),
	/* translators: Part of a list about a contact. */
	'the email is one of its others' => __( 'the email is one of its others', 'userlink-for-civicrm' ),
	/* translators: What made userlink write: an event of the site. */
	'The site told of a change' => __( 'The site told of a change', 'userlink-for-civicrm' ),
	/* translators: What made userlink write: a person’s decision about one user. */
	'Decision' => __( 'Decision', 'userlink-for-civicrm' ),
	/* translators: What a run was, and what will happen to the user. */
	'Repair' => __( 'Repair', 'userlink-for-civicrm' ),
	'userlink has written nothing for this user.' => __( 'userlink has written nothing for this user.', 'userlink-for-civicrm' ),
	/* translators: What a run was, where this page is older than the service. */
	'Another run' => __( 'Another run', 'userlink-for-civicrm' ),
	/* translators: Mark behind a change that was undone. */
	'Taken back since.' => __( 'Taken back since.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'The contact {contact} was created.' => __( 'The contact {contact} was created.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'The contact {contact} was changed.' => __( 'The contact {contact} was changed.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'The contact {contact} was removed.' => __( 'The contact {contact} was removed.', 'userlink-for-civicrm' ),
	/* translators: {new}: an address. */
	'The email {new} was added to the contact.' => __( 'The email {new} was added to the contact.', 'userlink-for-civicrm' ),
	/* translators: {old}, {new}: addresses. */
	'The contact’s email was changed from {old} to {new}.' => __( 'The contact’s email was changed from {old} to {new}.', 'userlink-for-civicrm' ),
	'The contact’s email was changed.' => __( 'The contact’s email was changed.', 'userlink-for-civicrm' ),
	/* translators: {old}: an address. */
	'The email {old} was removed from the contact.' => __( 'The email {old} was removed from the contact.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'The link to {contact} was made.' => __( 'The link to {contact} was made.', 'userlink-for-civicrm' ),
	/* translators: {old}, {new}: addresses. */
	'The link’s email was changed from {old} to {new}.' => __( 'The link’s email was changed from {old} to {new}.', 'userlink-for-civicrm' ),
	'The link was changed.' => __( 'The link was changed.', 'userlink-for-civicrm' ),
	/* translators: {contact}: name and number of a contact. */
	'The link to {contact} was removed.' => __( 'The link to {contact} was removed.', 'userlink-for-civicrm' ),
	'The change was noted in CiviCRM’s change log.' => __( 'The change was noted in CiviCRM’s change log.', 'userlink-for-civicrm' ),
	'The note in CiviCRM’s change log was removed.' => __( 'The note in CiviCRM’s change log was removed.', 'userlink-for-civicrm' ),
	'The contact was put into a group.' => __( 'The contact was put into a group.', 'userlink-for-civicrm' ),
	'The contact was taken out of a group.' => __( 'The contact was taken out of a group.', 'userlink-for-civicrm' ),
	'The group’s history was written.' => __( 'The group’s history was written.', 'userlink-for-civicrm' ),
	'The group’s history was put back.' => __( 'The group’s history was put back.', 'userlink-for-civicrm' ),
	/* translators: Stands in the place of {contact}, where the number is not known. */
	'a contact' => __( 'a contact', 'userlink-for-civicrm' ),
	/* translators: {table}: name of a table of the database. {id}: number of the row. */
	'Something else was changed: {table}, row {id}.' => __( 'Something else was changed: {table}, row {id}.', 'userlink-for-civicrm' ),
	'The user was left alone.' => __( 'The user was left alone.', 'userlink-for-civicrm' ),
	'The user was no longer left alone.' => __( 'The user was no longer left alone.', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Contacts that a sync left behind' => __( 'Contacts that a sync left behind', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Users with several links' => __( 'Users with several links', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Contacts with several users' => __( 'Contacts with several users', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Links of users who are gone' => __( 'Links of users who are gone', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Links to contacts that are gone' => __( 'Links to contacts that are gone', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Links to contacts in the trash' => __( 'Links to contacts in the trash', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Links with an old email' => __( 'Links with an old email', 'userlink-for-civicrm' ),
	/* translators: A kind of problem. */
	'Contacts with another email than their user' => __( 'Contacts with another email than their user', 'userlink-for-civicrm' ),
	/* translators: Shown for a moment. */
	'Counting …' => __( 'Counting …', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Everything is in order' => __( 'Everything is in order', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'{n} kinds of problems were found' => userlink_plural( '{n} kind of problem was found', '{n} kinds of problems were found', static fn( $n ) => _n( '{n} kind of problem was found', '{n} kinds of problems were found', $n, 'userlink-for-civicrm' ) ),
	'Every link has its user and its contact, and no contact was left behind.' => __( 'Every link has its user and its contact, and no contact was left behind.', 'userlink-for-civicrm' ),
	'Nothing is changed here without a preview and a second step, and every repair can be undone.' => __( 'Nothing is changed here without a preview and a second step, and every repair can be undone.', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Check again' => __( 'Check again', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'Checked {when}.' => __( 'Checked {when}.', 'userlink-for-civicrm' ),
	/* translators: Title of a list of kinds of problems. */
	'Looked for and not found' => __( 'Looked for and not found', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Preview the repair' => __( 'Preview the repair', 'userlink-for-civicrm' ),
	/* translators: What a button does. {what}: a kind of problem. */
	'Preview the repair: {what}' => __( 'Preview the repair: {what}', 'userlink-for-civicrm' ),
	/* translators: Followed by a sentence. */
	'What a repair does:' => __( 'What a repair does:', 'userlink-for-civicrm' ),
	'All previews and runs' => __( 'All previews and runs', 'userlink-for-civicrm' ),
	/* translators: What a button does. {when}: date and time. */
	'Redo what the undo of {when} took back' => __( 'Redo what the undo of {when} took back', 'userlink-for-civicrm' ),
	/* translators: What a button does. {when}: date and time. */
	'Undo the run of {when}' => __( 'Undo the run of {when}', 'userlink-for-civicrm' ),
	/* translators: Link from an undo to the run that it takes back. */
	'What it takes back' => __( 'What it takes back', 'userlink-for-civicrm' ),
	'It was taken back since.' => __( 'It was taken back since.', 'userlink-for-civicrm' ),
	/* translators: Link from a run to the undo that took it back. */
	'The undo' => __( 'The undo', 'userlink-for-civicrm' ),
	/* translators: State of a run, said aloud too. */
	'Paused.' => __( 'Paused.', 'userlink-for-civicrm' ),
	/* translators: Button that shows these users: everybody but those who were linked or are linked already. */
	'{n} users who are not simply linked' => userlink_plural( '{n} user who is not simply linked', '{n} users who are not simply linked', static fn( $n ) => _n( '{n} user who is not simply linked', '{n} users who are not simply linked', $n, 'userlink-for-civicrm' ) ),
	/* translators: Title of a table: everybody but those who were linked or are linked already. */
	'Not simply linked' => __( 'Not simply linked', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The synchronization is paused' => __( 'The synchronization is paused', 'userlink-for-civicrm' ),
	/* translators: What a run was. */
	'Preview of an undo' => __( 'Preview of an undo', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Preview of an undo, {when}' => __( 'Preview of an undo, {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time of the undo. */
	'Undo of {when}' => __( 'Undo of {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The undo is running' => __( 'The undo is running', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The undo is paused' => __( 'The undo is paused', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Preview: what would be taken back' => __( 'Preview: what would be taken back', 'userlink-for-civicrm' ),
	/* translators: Button: carries out the preview of an undo. */
	'Undo it for {n} users' => userlink_plural( 'Undo it for {n} user', 'Undo it for {n} users', static fn( $n ) => _n( 'Undo it for {n} user', 'Undo it for {n} users', $n, 'userlink-for-civicrm' ) ),
	'The undo was cancelled.' => __( 'The undo was cancelled.', 'userlink-for-civicrm' ),
	/* translators: {reason}: a sentence. */
	'The undo stopped: {reason}' => __( 'The undo stopped: {reason}', 'userlink-for-civicrm' ),
	/* translators: What a run was. */
	'Preview of a repair' => __( 'Preview of a repair', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Preview of a repair, {when}' => __( 'Preview of a repair, {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Repair of {when}' => __( 'Repair of {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The repair is running' => __( 'The repair is running', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The repair is paused' => __( 'The repair is paused', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Preview: what the repair would do' => __( 'Preview: what the repair would do', 'userlink-for-civicrm' ),
	'The repair was cancelled.' => __( 'The repair was cancelled.', 'userlink-for-civicrm' ),
	/* translators: {reason}: a sentence. */
	'The repair stopped: {reason}' => __( 'The repair stopped: {reason}', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Run of {when}' => __( 'Run of {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'A run is under way' => __( 'A run is under way', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The run is paused' => __( 'The run is paused', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'Preview: what the run would do' => __( 'Preview: what the run would do', 'userlink-for-civicrm' ),
	/* translators: Button: carries out a preview. */
	'Carry it out for {n} users' => userlink_plural( 'Carry it out for {n} user', 'Carry it out for {n} users', static fn( $n ) => _n( 'Carry it out for {n} user', 'Carry it out for {n} users', $n, 'userlink-for-civicrm' ) ),
	'The run was cancelled.' => __( 'The run was cancelled.', 'userlink-for-civicrm' ),
	/* translators: {reason}: a sentence. */
	'The run stopped: {reason}' => __( 'The run stopped: {reason}', 'userlink-for-civicrm' ),
	/* translators: Heading. {when}: date and time. */
	'Decision of {when}' => __( 'Decision of {when}', 'userlink-for-civicrm' ),
	/* translators: Heading. */
	'The preview is paused' => __( 'The preview is paused', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Look again' => __( 'Look again', 'userlink-for-civicrm' ),
	/* translators: What will happen to the user: what was written is undone. */
	'Take back' => __( 'Take back', 'userlink-for-civicrm' ),
	/* translators: What will happen to the user: nothing, the records stay. */
	'Keep' => __( 'Keep', 'userlink-for-civicrm' ),
	/* translators: What happened to the user: what was written is undone. */
	'Taken back' => __( 'Taken back', 'userlink-for-civicrm' ),
	/* translators: What happened to the user. */
	'Repaired' => __( 'Repaired', 'userlink-for-civicrm' ),
	/* translators: What happened to the user: nothing, the records stayed. */
	'Kept' => __( 'Kept', 'userlink-for-civicrm' ),
	/* translators: Count in the preview of an undo; a button that shows these users. */
	'{n} users will be put back as they were before' => userlink_plural( '{n} user will be put back as it was before', '{n} users will be put back as they were before', static fn( $n ) => _n( '{n} user will be put back as it was before', '{n} users will be put back as they were before', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a report; a button that shows these users. */
	'{n} users were put back as they were before' => userlink_plural( '{n} user was put back as it was before', '{n} users were put back as they were before', static fn( $n ) => _n( '{n} user was put back as it was before', '{n} users were put back as they were before', $n, 'userlink-for-civicrm' ) ),
	/* translators: Stands in the place of {reason}. */
	'the site is busy' => __( 'the site is busy', 'userlink-for-civicrm' ),
	'Decisions about users were made since this preview. Make a new one to see what would happen now.' => __( 'Decisions about users were made since this preview. Make a new one to see what would happen now.', 'userlink-for-civicrm' ),
	/* translators: Name of a tab. {n}: how many kinds of problems. */
	'Health ({n})' => __( 'Health ({n})', 'userlink-for-civicrm' ),
	/* translators: Name of a tab: what is wrong with links and contacts. */
	'Health' => __( 'Health', 'userlink-for-civicrm' ),
	/* translators: Said aloud when a run that was paused goes on. */
	'Going on.' => __( 'Going on.', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Yes, cancel the run' => __( 'Yes, cancel the run', 'userlink-for-civicrm' ),
	'Cancel the run? What was written stays, and every user handled so far is complete. The others stay as they are.' => __( 'Cancel the run? What was written stays, and every user handled so far is complete. The others stay as they are.', 'userlink-for-civicrm' ),
	/* translators: Button: go on with a run that is paused. */
	'Resume' => __( 'Resume', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Pause' => __( 'Pause', 'userlink-for-civicrm' ),
	/* translators: Button: undo an undo. */
	'Redo' => __( 'Redo', 'userlink-for-civicrm' ),
	/* translators: Title: what would happen to a user at a login, a change and so on. */
	'What each occasion would cause now' => __( 'What each occasion would cause now', 'userlink-for-civicrm' ),
	'These links belong to users who do not exist any more. As long as a link holds an email, nobody else with it can be linked, and CiviCRM’s own sync leaves a contact without a link each time.' => __( 'These links belong to users who do not exist any more. As long as a link holds an email, nobody else with it can be linked, and CiviCRM’s own sync leaves a contact without a link each time.', 'userlink-for-civicrm' ),
	'The links are removed. The contacts stay.' => __( 'The links are removed. The contacts stay.', 'userlink-for-civicrm' ),
	'These links lead to no contact: it was deleted past CiviCRM. The users count as linked and are not.' => __( 'These links lead to no contact: it was deleted past CiviCRM. The users count as linked and are not.', 'userlink-for-civicrm' ),
	'The links are removed. The next sync links these users anew.' => __( 'The links are removed. The next sync links these users anew.', 'userlink-for-civicrm' ),
	'CiviCRM may take these users for one person today and for another tomorrow.' => __( 'CiviCRM may take these users for one person today and for another tomorrow.', 'userlink-for-civicrm' ),
	'Where just one of the links leads to a contact outside the trash, the others are removed. Where several do, you must say which one is right: under “Conflicts”, or in CiviCRM.' => __( 'Where just one of the links leads to a contact outside the trash, the others are removed. Where several do, you must say which one is right: under “Conflicts”, or in CiviCRM.', 'userlink-for-civicrm' ),
	'These links are recorded under an email that is not the user’s any more. Whoever registers with the old one cannot be linked.' => __( 'These links are recorded under an email that is not the user’s any more. Whoever registers with the old one cannot be linked.', 'userlink-for-civicrm' ),
	'The user’s email is written there, if no other link has it.' => __( 'The user’s email is written there, if no other link has it.', 'userlink-for-civicrm' ),
	'CiviCRM’s own sync made these contacts for users whose email stands on another user’s link, and left them without a link, one more each time. Each has one user’s email and name and nothing else, and nobody has ever used or edited it.' => __( 'CiviCRM’s own sync made these contacts for users whose email stands on another user’s link, and left them without a link, one more each time. Each has one user’s email and name and nothing else, and nobody has ever used or edited it.', 'userlink-for-civicrm' ),
	'A user without a link is linked to the contact that a sync would take. All other such contacts go into CiviCRM’s trash, from where they can be taken back.' => __( 'A user without a link is linked to the contact that a sync would take. All other such contacts go into CiviCRM’s trash, from where they can be taken back.', 'userlink-for-civicrm' ),
	'The contact’s primary email is not the user’s, although this site keeps the two in step. Mail may go to an old address.' => __( 'The contact’s primary email is not the user’s, although this site keeps the two in step. Mail may go to an old address.', 'userlink-for-civicrm' ),
	'The user’s email becomes the contact’s primary one. Where the contact’s is the newer one, correct the user’s first.' => __( 'The user’s email becomes the contact’s primary one. Where the contact’s is the newer one, correct the user’s first.', 'userlink-for-civicrm' ),
	'Take the contact out of the trash in CiviCRM if it is the right one; else delete the link there, and the next sync links the user anew.' => __( 'Take the contact out of the trash in CiviCRM if it is the right one; else delete the link there, and the next sync links the user anew.', 'userlink-for-civicrm' ),
	'These users share one record, with all that is in it. Find out whose it is, and remove the other links in CiviCRM.' => __( 'These users share one record, with all that is in it. Find out whose it is, and remove the other links in CiviCRM.', 'userlink-for-civicrm' ),
	'On a site with this many users it takes a while. The counting goes on, and this page asks again by itself.' => __( 'On a site with this many users it takes a while. The counting goes on, and this page asks again by itself.', 'userlink-for-civicrm' ),
	'Nothing was found' => __( 'Nothing was found', 'userlink-for-civicrm' ),
	'But not everything could be looked at.' => __( 'But not everything could be looked at.', 'userlink-for-civicrm' ),
	/* translators: How many cases of a problem; one user may have several. */
	'{n} cases' => userlink_plural( '{n} case', '{n} cases', static fn( $n ) => _n( '{n} case', '{n} cases', $n, 'userlink-for-civicrm' ) ),
	'Only a person can mend this.' => __( 'Only a person can mend this.', 'userlink-for-civicrm' ),
	'Whether there are any is not known: userlink’s database account may not look. “userlink check” on the server prints the statements that let it.' => __( 'Whether there are any is not known: userlink’s database account may not look. “userlink check” on the server prints the statements that let it.', 'userlink-for-civicrm' ),
	/* translators: Title of a table. */
	'All' => __( 'All', 'userlink-for-civicrm' ),
	/* translators: Button: carries out the preview of a repair. */
	'Repair {n} cases' => userlink_plural( 'Repair {n} case', 'Repair {n} cases', static fn( $n ) => _n( 'Repair {n} case', 'Repair {n} cases', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in the preview of a repair; a button that shows these cases. */
	'{n} cases will be mended' => userlink_plural( '{n} case will be mended', '{n} cases will be mended', static fn( $n ) => _n( '{n} case will be mended', '{n} cases will be mended', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a preview; a button that shows these users or cases. */
	'{n} of them stay as they are; the list says why' => userlink_plural( '{n} of them stays as it is; the list says why', '{n} of them stay as they are; the list says why', static fn( $n ) => _n( '{n} of them stays as it is; the list says why', '{n} of them stay as they are; the list says why', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in the report of a repair; a button that shows these cases. */
	'{n} cases were mended' => userlink_plural( '{n} case was mended', '{n} cases were mended', static fn( $n ) => _n( '{n} case was mended', '{n} cases were mended', $n, 'userlink-for-civicrm' ) ),
	/* translators: Count in a report; a button that shows these users or cases. */
	'{n} of them stayed as they were; the list says why' => userlink_plural( '{n} of them stayed as it was; the list says why', '{n} of them stayed as they were; the list says why', static fn( $n ) => _n( '{n} of them stayed as it was; the list says why', '{n} of them stayed as they were; the list says why', $n, 'userlink-for-civicrm' ) ),
	/* translators: After a run that was cancelled or failed. */
	'{checked} of {n} users were handled.' => userlink_plural( '{checked} of {n} user was handled.', '{checked} of {n} users were handled.', static fn( $n ) => _n( '{checked} of {n} user was handled.', '{checked} of {n} users were handled.', $n, 'userlink-for-civicrm' ) ),
	/* translators: Button that shows the list of all cases. */
	'{n} cases in all' => userlink_plural( '{n} case in all', '{n} cases in all', static fn( $n ) => _n( '{n} case in all', '{n} cases in all', $n, 'userlink-for-civicrm' ) ),
	/* translators: How much of a list is shown. */
	'The first {shown} of {n} cases' => userlink_plural( 'The first {shown} of {n} case', 'The first {shown} of {n} cases', static fn( $n ) => _n( 'The first {shown} of {n} case', 'The first {shown} of {n} cases', $n, 'userlink-for-civicrm' ) ),
	/* translators: {n} and {total} differ. */
	'The list has {n} cases, although {total} were counted: it may have changed meanwhile.' => __( 'The list has {n} cases, although {total} were counted: it may have changed meanwhile.', 'userlink-for-civicrm' ),
	/* translators: Button. */
	'Download {n} cases as CSV' => userlink_plural( 'Download {n} case as CSV', 'Download {n} cases as CSV', static fn( $n ) => _n( 'Download {n} case as CSV', 'Download {n} cases as CSV', $n, 'userlink-for-civicrm' ) ),
	/* translators: Button: go on searching in what is not loaded. */
	'Search the other {n} cases' => userlink_plural( 'Search the other {n} case', 'Search the other {n} cases', static fn( $n ) => _n( 'Search the other {n} case', 'Search the other {n} cases', $n, 'userlink-for-civicrm' ) ),
	/* translators: Result of a search. */
	'{n} cases match' => userlink_plural( '{n} case matches', '{n} cases match', static fn( $n ) => _n( '{n} case matches', '{n} cases match', $n, 'userlink-for-civicrm' ) ),
	/* translators: Result of a search that has not seen the whole list. */
	'{n} matches among the first {seen} of {total} cases' => userlink_plural( '{n} match among the first {seen} of {total} cases', '{n} matches among the first {seen} of {total} cases', static fn( $n ) => _n( '{n} match among the first {seen} of {total} cases', '{n} matches among the first {seen} of {total} cases', $n, 'userlink-for-civicrm' ) ),
	/* translators: Result of a search. */
	'Nothing in this list matches.' => __( 'Nothing in this list matches.', 'userlink-for-civicrm' ),
	/* translators: Progress of a search. */
	'Searching: {seen} of {total} cases, {n} found' => __( 'Searching: {seen} of {total} cases, {n} found', 'userlink-for-civicrm' ),
	/* translators: {when}: “2 minutes ago”. */
	'This preview was made {when}, of {n} cases. Nothing has been changed.' => userlink_plural( 'This preview was made {when}, of {n} case. Nothing has been changed.', 'This preview was made {when}, of {n} cases. Nothing has been changed.', static fn( $n ) => _n( 'This preview was made {when}, of {n} case. Nothing has been changed.', 'This preview was made {when}, of {n} cases. Nothing has been changed.', $n, 'userlink-for-civicrm' ) ),
	/* translators: Progress. */
	'{checked} of {n} cases' => userlink_plural( '{checked} of {n} case', '{checked} of {n} cases', static fn( $n ) => _n( '{checked} of {n} case', '{checked} of {n} cases', $n, 'userlink-for-civicrm' ) ),
	/* translators: How a run ended. */
	'Done: {n} cases checked.' => userlink_plural( 'Done: {n} case checked.', 'Done: {n} cases checked.', static fn( $n ) => _n( 'Done: {n} case checked.', 'Done: {n} cases checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: How a run ended. */
	'Cancelled: {checked} of {n} cases checked.' => userlink_plural( 'Cancelled: {checked} of {n} case checked.', 'Cancelled: {checked} of {n} cases checked.', static fn( $n ) => _n( 'Cancelled: {checked} of {n} case checked.', 'Cancelled: {checked} of {n} cases checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: How a run ended; the cause follows. */
	'Stopped: {checked} of {n} cases checked.' => userlink_plural( 'Stopped: {checked} of {n} case checked.', 'Stopped: {checked} of {n} cases checked.', static fn( $n ) => _n( 'Stopped: {checked} of {n} case checked.', 'Stopped: {checked} of {n} cases checked.', $n, 'userlink-for-civicrm' ) ),
	/* translators: After a run that was cancelled or failed. */
	'{checked} of {n} cases were handled.' => userlink_plural( '{checked} of {n} case was handled.', '{checked} of {n} cases were handled.', static fn( $n ) => _n( '{checked} of {n} case was handled.', '{checked} of {n} cases were handled.', $n, 'userlink-for-civicrm' ) ),
	'What was written is complete: nobody is half linked, and nothing has to be cleaned up. A new preview shows what is left.' => __( 'What was written is complete: nobody is half linked, and nothing has to be cleaned up. A new preview shows what is left.', 'userlink-for-civicrm' ),
	'The user gets no link, and nobody is asked again.' => __( 'The user gets no link, and nobody is asked again.', 'userlink-for-civicrm' ),
	/* translators: About a contact that can be chosen. {other}: “user 17”. */
	'It belongs to {other}, who no longer exists; that link is removed.' => __( 'It belongs to {other}, who no longer exists; that link is removed.', 'userlink-for-civicrm' ),
	'You can close this page; the run keeps its place until somebody resumes or cancels it.' => __( 'You can close this page; the run keeps its place until somebody resumes or cancels it.', 'userlink-for-civicrm' ),
	'Somebody decided that these users get no link. A sync passes them over until you ask for it again.' => __( 'Somebody decided that these users get no link. A sync passes them over until you ask for it again.', 'userlink-for-civicrm' ),
);
