/** A request to merge a branch, as a code host keeps it. */
export interface PullRequest {
  /** Where a person finds it. */
  url: string;
  state: 'open' | 'merged' | 'closed';
}

export interface PullRequestDraft {
  /** The pushed branch, and the one that it is meant for; short names. */
  branch: string;
  base: string;
  title: string;
  body: string;
}

/** A place that branches are pushed to and that asks people about them. */
export interface CodeHost {
  /** The newest one of that branch, whoever made it; null: none. Throws `host.failed`. */
  find(remoteUrl: string, branch: string): Promise<PullRequest | null>;
  /** Throws `host.failed`. What is there already is for `find` to say: this makes one each time. */
  open(remoteUrl: string, draft: PullRequestDraft): Promise<PullRequest>;
}
