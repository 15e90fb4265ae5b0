declare const FORGE_VERSION: string | undefined;

/** The package's version, put in by the build. */
export const version = typeof FORGE_VERSION === 'string' ? FORGE_VERSION : '0.0.0-source';
