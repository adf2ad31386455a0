import SternaBase

/// Any other builder, under terms.
struct TermedBuilder: VersionBuilder {
  let base: any VersionBuilder
  let terms: CommitTerms
  let blocks: BlockStore
  let concurrency: Int

  var operation: VersionEntry.Operation { base.operation }
  var prunesPreviousVersions: Bool { terms.prunesPreviousVersions }
  var tokens: [UniqueID] { base.tokens }

  func build(on snapshot: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    try await buildVersion(on: snapshot, isRebase: isRebase).content
  }

  func buildVersion(on snapshot: RefSnapshot, isRebase: Bool) async throws -> BuiltVersion {
    if terms.expectation != .nothing { try await check(snapshot.state) }
    return try await base.buildVersion(on: snapshot, isRebase: isRebase)
  }

  private func check(_ state: RefState?) async throws {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    var latest: VersionEntry?
    if let state, !state.isDeleted {
      latest = try await history.latestLive(below: state.nextVersion, of: state)
    }
    switch terms.expectation {
    case .nothing: return
    case .noVersion:
      guard let latest else { return }
      throw conflict("version \(latest.number) was written meanwhile")
    case .version(let number):
      guard latest?.number != number else { return }
      throw conflict("version \(number) is not the latest any more")
    case .metadataMember(let name, let value):
      guard let content = latest?.content else { throw conflict("its versions were deleted meanwhile") }
      guard try await member(name, of: content) != value else { return }
      throw conflict("'\(name)' of its metadata was changed meanwhile")
    }
  }

  private func member(_ name: String, of content: VersionContent) async throws -> JSONValue? {
    guard let bytes = try await content.metadata?.load(from: blocks) else { return nil }
    return try JSONValue(parsing: bytes, subject: "metadata")[name]
  }

  private func conflict(_ what: String) -> SternaError {
    SternaError(
      .conflict, "symbol '\(blocks.symbol.text)' is not as expected: \(what)",
      advice: "Look at the latest version and decide again.")
  }
}
