export type StoreKind = "recording" | "blueprint";

/** Names one store: a recording or a blueprint of an application. */
export interface StoreId {
  readonly kind: StoreKind;
  readonly applicationId: string;
  readonly recordingId: string;
}

/** One text per distinct store. */
export function storeIdKey(id: StoreId): string {
  return JSON.stringify([id.kind, id.applicationId, id.recordingId]);
}
