/** What was closed last is found without looking at all that ever was. */
export const shownTasksMigration = `
CREATE INDEX tasks_closed ON tasks (closed_at) WHERE status = 'closed';
`;
