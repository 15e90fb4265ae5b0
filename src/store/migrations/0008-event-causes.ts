/**
 * Who brought each event of a run about, what led to it, and the command that began it; of prompts, the command. Events of before have
 * what can be told from them. Of runs: whether all is done that their end asks for; of those of before that is taken for granted. For that the trigger that refuses changes is away for the length of this transaction.
 */
export const eventCausesMigration = `
ALTER TABLE runs ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET is_settled = 1 - is_live;
ALTER TABLE messages ADD COLUMN correlation TEXT;
ALTER TABLE run_events ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE run_events ADD COLUMN cause TEXT;
ALTER TABLE run_events ADD COLUMN correlation TEXT;
-- The event by which the run came into the status that it has after this one.
ALTER TABLE run_events ADD COLUMN entered INTEGER NOT NULL DEFAULT 1;

DROP TRIGGER run_events_no_update;
UPDATE run_events SET actor = CASE
  WHEN payload ->> '$.by' IN ('budget', 'fallback') THEN 'supervisor'
  WHEN payload ->> '$.by' IS NOT NULL THEN 'person:' || (payload ->> '$.by')
  WHEN type LIKE 'session.%' THEN 'host'
  WHEN type LIKE 'agent.%' THEN 'agent'
  WHEN type LIKE 'gates.%' THEN 'gate'
  ELSE 'supervisor' END;
UPDATE run_events AS told SET entered = (
  SELECT max(earlier.sequence) FROM run_events AS earlier
  WHERE earlier.run = told.run AND earlier.sequence <= told.sequence AND earlier.status IS NOT (
    SELECT status FROM run_events AS before WHERE before.run = told.run AND before.sequence = earlier.sequence - 1));
UPDATE run_events AS told SET cause = (
  SELECT 'event ' || before.entered FROM run_events AS before WHERE before.run = told.run AND before.sequence = told.sequence - 1)
WHERE actor NOT LIKE 'person:%';
CREATE TRIGGER run_events_no_update BEFORE UPDATE ON run_events
BEGIN SELECT RAISE(ABORT, 'run events are append-only'); END;
`;
