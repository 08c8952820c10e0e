// What both sides know of the work. The page imports only its type, which costs no byte.
import { defineOperation, type } from '@progress/protocol'

/** Pictures are read, scaled and written. */
export const importPhotos = defineOperation('photo-import', {
  metadata: type<{ album: string }>(),
  result: type<{ pictures: number; bytes: number }>(),
  phases: { read: 20, scale: 70, write: 10 },
})
