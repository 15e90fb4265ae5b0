/** A queued run has no worker yet, and runs that were dispatched together may share a limit. */
export const queueMigration = `
ALTER TABLE runs ADD COLUMN queue_group TEXT;
ALTER TABLE runs ADD COLUMN group_max INTEGER;
UPDATE runs SET holds_worker = 0 WHERE status = 'queued';
`;
