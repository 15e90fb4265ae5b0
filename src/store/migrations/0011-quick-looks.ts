/**
 * What one look shows is found in indexes alone: whether a task is open, and whether somebody has it, without reading the
 * task, and what was closed last without looking at all that ever was.
 */
export const quickLooksMigration = `
DROP INDEX tasks_open_urgency;
CREATE INDEX tasks_open_urgency ON tasks (priority, created_at, id, claimed_at) WHERE status = 'open';
CREATE INDEX tasks_open ON tasks (id) WHERE status = 'open';
CREATE INDEX tasks_closed ON tasks (closed_at) WHERE status = 'closed';
`;
