/** Where finished work goes. */
export interface DeliverTo {
  /** The branch that it is meant for; null: that of the main checkout. */
  branch: string | null;
  /** Name of the remote. */
  remote: string;
  /** A delivered branch is pushed. Nothing is ever forced. */
  push: boolean;
}

/** Texts of what is delivered, with placeholders such as `{title}`. */
export interface DeliveryTemplates {
  commit: string;
  prTitle: string;
  prBody: string;
}

/** What a template can name, and what stands in its place. */
export const placeholders = {
  task: 'the id of the task; nothing in stealth',
  title: 'the title of the task',
  body: 'the text of the task',
  files: 'the changed files, one a line',
  gates: 'the names of the gates that it passed',
} as const;
export type Placeholder = keyof typeof placeholders;

// Nothing that git takes for the end of a message, or a terminal for a command; line breaks and tabs stay.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const placeholder = /\{([A-Za-z]+)\}/g;

/** Placeholders that a template names and nobody knows. */
export function unknownPlaceholders(template: string): string[] {
  const named = [...template.matchAll(placeholder)].map(([, name]) => name);
  return named.filter((name) => !Object.hasOwn(placeholders, name));
}

/** The text of a template, without the empty lines that a missing value leaves. What a value holds is never filled again. */
export function fillTemplate(template: string, values: Readonly<Record<Placeholder, string>>): string {
  const filled = template.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as Placeholder] : whole,
  );
  const lines = filled
    .replace(unprintable, '')
    .split('\n')
    .map((line) => line.trimEnd());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
