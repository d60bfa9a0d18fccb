/** What a viewer says of a recording before any data: its header line. */
export interface RecordingInfo {
  readonly applicationId: string;
  readonly recordingId: string;
  /** `RecordingInfo:name`, when the recording has one. */
  readonly name?: string;
  /** Nanoseconds since 1970, when known. */
  readonly startTimeNanos?: bigint;
}
