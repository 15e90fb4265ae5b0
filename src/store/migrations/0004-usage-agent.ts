/** Which agent used it: a run may go on with another than it began with. */
export const usageAgentMigration = `
ALTER TABLE usage ADD COLUMN agent TEXT NOT NULL DEFAULT '';
UPDATE usage SET agent = (SELECT agent FROM runs WHERE runs.id = usage.run);
`;
