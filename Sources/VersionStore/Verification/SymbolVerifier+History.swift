import SternaBase

extension SymbolVerifier {
  /// The live versions of a ref, after its history was found dense and in order.
  mutating func holdingsOfRef(_ state: RefState) async throws -> [Holding] {
    var tree = TreeInspector<HistoryContent>(
      concurrency: concurrency, summarize: { HistoryContent.summary(of: $0) },
      disorder: Self.historyDisorder)
    let leaves = try await tree.walk(
      [
        TreeInspector<HistoryContent>.Edge(
          root: state.history, stated: nil, levelExpected: nil, parentKey: refKey,
          location: "history of symbol '\(symbol.text)'")
      ], &inspector)
    let entries = leaves.flatMap(\.leaf).map(state.judged).sorted { $0.number < $1.number } + state.recent
    checkDense(entries, state)
    let live = entries.compactMap { entry in
      entry.content.map {
        Holding(content: $0, key: refKey, location: "symbol '\(symbol.text)' version \(entry.number)")
      }
    }
    versionCount = live.count
    return live
  }

  private mutating func checkDense(_ entries: [VersionEntry], _ state: RefState) {
    var expected: UInt64 = 0
    var lastTime = Int64.min
    for entry in entries {
      if entry.number != expected {
        inconsistent("version \(entry.number) stands where \(expected) should", refKey)
      }
      if entry.time <= lastTime {
        inconsistent("the time of version \(entry.number) does not rise", refKey)
      }
      expected = entry.number &+ 1
      lastTime = entry.time
    }
    if expected != state.nextVersion {
      inconsistent("the next version is \(state.nextVersion), the entries end before \(expected)", refKey)
    }
  }

  private static func historyDisorder(
    _ left: HistoryContent.Summary, _ right: HistoryContent.Summary
  ) -> String? {
    guard left.lastNumber &+ 1 == right.firstNumber else {
      return "version \(right.firstNumber) follows \(left.lastNumber)"
    }
    return left.lastTime < right.firstTime ? nil : "the time of version \(right.firstNumber) does not rise"
  }

  mutating func inconsistent(_ what: String, _ key: String, _ location: String? = nil) {
    inspector.report(
      VerificationProblem(
        .inconsistent, key: key, what, location: location ?? "symbol '\(symbol.text)'"))
  }
}
