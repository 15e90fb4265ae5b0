export async function openDashboard(..._args: unknown[]): Promise<void> {}
