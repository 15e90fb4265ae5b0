/** Folder beside the worktrees of a project, with what Forge notes of each and keeps longer than it. */
export const notesFolder = '.forge-made';

/** Folder beside them with those that are made ahead. */
export const poolFolder = '.pool';
