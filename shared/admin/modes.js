// SPDX-License-Identifier: GPL-2.0-or-later
// What a job is (a sync, an undo, a repair, one decision) and what the page calls it. Pure.

const FINAL = ['cancelled', 'done', 'failed'];

/** Nothing more happens to it. */
export const ended = (job) => FINAL.includes(job.state);

/** Writes nothing; also the previews that a newer sidecar may have. */
export const isPreview = (job) => /(^|_)preview$/.test(job.mode);

/** How many users it touches: would touch, for a preview. */
export const touched = (job) => ['linked', 'created', 'updated', 'undone', 'repaired'].reduce((sum, counter) => sum + (job[counter] ?? 0), 0);

/** Whether there is something that an undo could take back. A decision is a job only when it wrote something. */
export const undoable = (job) => ended(job) && (job.mode === 'resolution' || (['apply', 'repair', 'undo'].includes(job.mode) && touched(job) > 0));

const ABOUT = {
  sync: {
    name: (t, preview) => (preview ? t('Preview') : t('Synchronization')),
    named: (t, preview, when) => (preview ? t('Preview of {when}', { when }) : t('Synchronization of {when}', { when })),
    running: (t) => t('The synchronization is running'),
    paused: (t) => t('The synchronization is paused'),
    previewed: (t) => t('Preview: what a synchronization would do'),
    apply: (tn, n) => tn('Synchronize {n} user', 'Synchronize {n} users', n),
    cancelled: (t) => t('The synchronization was cancelled.'),
    stopped: (t, reason) => t('The synchronization stopped: {reason}', { reason }),
  },
  undo: {
    name: (t, preview) => (preview ? t('Preview of an undo') : t('Undo')),
    named: (t, preview, when) => (preview ? t('Preview of an undo, {when}', { when }) : t('Undo of {when}', { when })),
    running: (t) => t('The undo is running'),
    paused: (t) => t('The undo is paused'),
    previewed: (t) => t('Preview: what would be taken back'),
    apply: (tn, n) => tn('Undo it for {n} user', 'Undo it for {n} users', n),
    cancelled: (t) => t('The undo was cancelled.'),
    stopped: (t, reason) => t('The undo stopped: {reason}', { reason }),
  },
  repair: {
    name: (t, preview) => (preview ? t('Preview of a repair') : t('Repair')),
    named: (t, preview, when) => (preview ? t('Preview of a repair, {when}', { when }) : t('Repair of {when}', { when })),
    running: (t) => t('The repair is running'),
    paused: (t) => t('The repair is paused'),
    previewed: (t) => t('Preview: what the repair would do'),
    apply: (tn, n) => tn('Repair {n} case', 'Repair {n} cases', n),
    cancelled: (t) => t('The repair was cancelled.'),
    stopped: (t, reason) => t('The repair stopped: {reason}', { reason }),
  },
  other: {
    name: (t, preview) => (preview ? t('Preview') : t('Another run')),
    named: (t, preview, when) => (preview ? t('Preview of {when}', { when }) : t('Run of {when}', { when })),
    running: (t) => t('A run is under way'),
    paused: (t) => t('The run is paused'),
    previewed: (t) => t('Preview: what the run would do'),
    apply: (tn, n) => tn('Carry it out for {n} user', 'Carry it out for {n} users', n),
    cancelled: (t) => t('The run was cancelled.'),
    stopped: (t, reason) => t('The run stopped: {reason}', { reason }),
  },
};
const DECISION = { ...ABOUT.other, name: (t) => t('Decision'), named: (t, preview, when) => t('Decision of {when}', { when }) };

const KIND = { preview: ABOUT.sync, apply: ABOUT.sync, undo_preview: ABOUT.undo, undo: ABOUT.undo, repair_preview: ABOUT.repair, repair: ABOUT.repair, resolution: DECISION };

/** The words about a job. */
export const about = (job) => (Object.hasOwn(KIND, job.mode) ? KIND[job.mode] : ABOUT.other);

export const name = (job, t) => about(job).name(t, isPreview(job));

export const named = (job, when, t) => about(job).named(t, isPreview(job), when);

/** The heading of a job that has not ended. */
export function underWay(job, t) {
  if (job.state === 'paused') return isPreview(job) ? t('The preview is paused') : about(job).paused(t);
  return isPreview(job) ? t('The preview is being made') : about(job).running(t);
}
