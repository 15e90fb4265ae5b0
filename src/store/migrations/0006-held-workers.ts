/** A run that only waits to be merged is live, and its worker takes the next task. */
export const heldWorkersMigration = `
ALTER TABLE runs ADD COLUMN holds_worker INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET holds_worker = is_live;
DROP INDEX runs_live_worker;
CREATE UNIQUE INDEX runs_held_worker ON runs (worker) WHERE holds_worker = 1;
`;
