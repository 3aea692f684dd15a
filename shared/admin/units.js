// SPDX-License-Identifier: GPL-2.0-or-later
// What a job or a list counts: users, or in a repair cases, of which one user may have several. Pure.
// Each takes tn or t, which may be the rich one.

export const USERS = {
  count: (tn, n) => tn('{n} user', '{n} users', n),
  all: (tn, n, values) => tn('{n} user in all', '{n} users in all', n, values),
  first: (tn, n, shown) => tn('The first {shown} of {n} user', 'The first {shown} of {n} users', n, { shown }),
  differs: (t, n, total) => t('The list has {n} users, although {total} were counted: it may have changed meanwhile.', { n, total }),
  download: (tn, n) => tn('Download {n} user as CSV', 'Download {n} users as CSV', n),
  rest: (tn, n) => tn('Search the other {n} user', 'Search the other {n} users', n),
  match: (tn, n) => tn('{n} user matches', '{n} users match', n),
  among: (tn, n, seen, total) => tn('{n} match among the first {seen} of {total} users', '{n} matches among the first {seen} of {total} users', n, { seen, total }),
  none: (t) => t('Nobody in this list matches.'),
  searching: (t, n, seen, total) => t('Searching: {seen} of {total} users, {n} found', { seen, total, n }),
  made: (tn, n, when) => tn('This preview was made {when}, of {n} user. Nothing has been changed.', 'This preview was made {when}, of {n} users. Nothing has been changed.', n, { when }),
  progress: (tn, n, checked) => tn('{checked} of {n} user', '{checked} of {n} users', n, { checked }),
  done: (tn, n) => tn('Done: {n} user checked.', 'Done: {n} users checked.', n),
  cancelled: (tn, n, checked) => tn('Cancelled: {checked} of {n} user checked.', 'Cancelled: {checked} of {n} users checked.', n, { checked }),
  stopped: (tn, n, checked) => tn('Stopped: {checked} of {n} user checked.', 'Stopped: {checked} of {n} users checked.', n, { checked }),
  handled: (tn, n, checked) => tn('{checked} of {n} user was handled.', '{checked} of {n} users were handled.', n, { checked }),
};

export const CASES = {
  count: (tn, n) => tn('{n} case', '{n} cases', n),
  all: (tn, n, values) => tn('{n} case in all', '{n} cases in all', n, values),
  first: (tn, n, shown) => tn('The first {shown} of {n} case', 'The first {shown} of {n} cases', n, { shown }),
  differs: (t, n, total) => t('The list has {n} cases, although {total} were counted: it may have changed meanwhile.', { n, total }),
  download: (tn, n) => tn('Download {n} case as CSV', 'Download {n} cases as CSV', n),
  rest: (tn, n) => tn('Search the other {n} case', 'Search the other {n} cases', n),
  match: (tn, n) => tn('{n} case matches', '{n} cases match', n),
  among: (tn, n, seen, total) => tn('{n} match among the first {seen} of {total} cases', '{n} matches among the first {seen} of {total} cases', n, { seen, total }),
  none: (t) => t('Nothing in this list matches.'),
  searching: (t, n, seen, total) => t('Searching: {seen} of {total} cases, {n} found', { seen, total, n }),
  made: (tn, n, when) => tn('This preview was made {when}, of {n} case. Nothing has been changed.', 'This preview was made {when}, of {n} cases. Nothing has been changed.', n, { when }),
  progress: (tn, n, checked) => tn('{checked} of {n} case', '{checked} of {n} cases', n, { checked }),
  done: (tn, n) => tn('Done: {n} case checked.', 'Done: {n} cases checked.', n),
  cancelled: (tn, n, checked) => tn('Cancelled: {checked} of {n} case checked.', 'Cancelled: {checked} of {n} cases checked.', n, { checked }),
  stopped: (tn, n, checked) => tn('Stopped: {checked} of {n} case checked.', 'Stopped: {checked} of {n} cases checked.', n, { checked }),
  handled: (tn, n, checked) => tn('{checked} of {n} case was handled.', '{checked} of {n} cases were handled.', n, { checked }),
};

export const unit = (job) => (['repair', 'repair_preview'].includes(job.mode) ? CASES : USERS);
