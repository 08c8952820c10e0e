// How many sockets a process may have open. Node raises its own limit as far as the system allows; no further can it go.

/** Files that this process, and those that it starts, may have open at a time. */
export function openFilesLimit(): number {
  const report = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly hard?: number | string } }
  }
  const hard = Number(report.userLimits?.open_files?.hard)
  return Number.isFinite(hard) ? hard : Number.POSITIVE_INFINITY
}
