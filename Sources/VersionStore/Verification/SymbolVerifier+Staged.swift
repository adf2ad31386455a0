import SternaBase

extension SymbolVerifier {
  /// Verifies what staged pieces lead to. That something is missing is no problem: it is what an attempt
  /// looks like that a collection overtook, and whose token nobody has.
  mutating func verifyStaged(_ holdings: [Holding]) async throws {
    let known = inspector.problems.count
    try await verifyContents(holdings)
    let found = inspector.problems[known...].filter { $0.kind != .missing }
    inspector.problems.replaceSubrange(known..., with: found)
  }
}

extension SymbolStore {
  /// The staged pieces of a symbol, and what is wrong with their descriptors.
  /// - Parameter shards: those in which anything is staged.
  func stagedHoldings(
    of symbol: ObjectName, in shards: Set<String>
  ) async throws -> (holdings: [SymbolVerifier.Holding], problems: [VerificationProblem]) {
    var holdings: [SymbolVerifier.Holding] = []
    var problems: [VerificationProblem] = []
    guard shards.contains(symbol.shard) else { return ([], []) }
    for token in try await stagedPieces.tokens(of: symbol) {
      let location = "staged piece \(token.text)"
      do {
        guard let piece = try await stagedPieces.read(token) else { continue }
        holdings.append(.init(content: piece.content, key: token.key, location: location))
      } catch {
        let found = try BlockInspector.problem(
          SternaError(wrapping: error), key: token.key, location: location)
        problems.append(found.problem)
      }
    }
    return (holdings, problems)
  }
}
