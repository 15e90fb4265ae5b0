declare const FORGE_VERSION: string | undefined;
declare const FORGE_BUILD: string | undefined;

/** The package's version, put in by the build. */
export const version = typeof FORGE_VERSION === 'string' ? FORGE_VERSION : '0.0.0-source';

/** Tells this build from every other; null: it runs from its source. */
export const build = typeof FORGE_BUILD === 'string' ? FORGE_BUILD : null;
