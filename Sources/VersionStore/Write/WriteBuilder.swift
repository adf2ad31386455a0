import Columnar
import SternaBase

/// A version that replaces whatever was there before.
struct WriteBuilder: VersionBuilder {
  let slices: UploadedSlices
  let metadata: Bytes?
  let blocks: BlockStore
  let concurrency: Int

  var operation: VersionEntry.Operation { .write }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    try await slices.content(
      under: base.epoch, metadata: metadata, blocks: blocks, concurrency: concurrency)
  }
}
