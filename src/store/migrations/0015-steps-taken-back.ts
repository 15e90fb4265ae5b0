/** A step that was taken back can be done again, until its person does something else. */
export const stepsTakenBackMigration = `
ALTER TABLE task_steps ADD COLUMN is_taken_back INTEGER NOT NULL DEFAULT 0;
`;
