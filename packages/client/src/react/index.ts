'use client'
// React's way to watch. The directive says to frameworks that render on a server that this runs in the page.

export { ProgressProvider, type ProgressProviderProps, useProgressClient } from './provider'
export { useConnection } from './useConnection'
export { type MyProgress, type UseMyProgressOptions, useMyProgress } from './useMyProgress'
export { type Progress, type UseProgressOptions, useProgress } from './useProgress'
