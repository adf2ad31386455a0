internal import ObjectStore
internal import SternaBase

extension ObjectStoreConformance {
  static let races = [
    Case("Of parallel creates exactly one succeeds, and its bytes are there", raceCreates),
    Case("Five writers that add one by compare-and-swap lose no addition", raceIncrements),
    Case("A reader beside writers sees whole objects only", raceReads),
  ]

  private static func raceCreates(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    for round in 0..<3 {
      let key = "race/\(round)"
      let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
        for racer in 0..<12 {
          group.addTask {
            try await swap(run, key, Bytes(utf8: "\(racer)"), .create) ? racer : nil
          }
        }
        return try await group.reduce(into: [Int]()) { if let winner = $1 { $0.append(winner) } }
      }
      try run.expectEqual(winners.count, 1, "winners of create")
      try await run.expectObject(key, Bytes(utf8: "\(winners[0])"))
    }
  }

  private static func raceIncrements(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    try await run.store.put("counter", Bytes(utf8: "0 none"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<5 {
        group.addTask {
          for round in 0..<10 {
            // The writer's name makes every state unique, as the contract asks of mutable objects.
            try await increment(run, "counter", by: "\(worker).\(round)")
          }
        }
      }
      try await group.waitForAll()
    }
    let text = try await run.store.get("counter").bytes.utf8String ?? ""
    try run.expect(text.hasPrefix("50 "), "50 additions gave \(text)")
  }

  private static func increment(_ run: ConformanceRun, _ key: String, by writer: String) async throws {
    for _ in 0..<1_000 {
      let current = try await run.store.get(key)
      let count = current.bytes.utf8String?.split(separator: " ").first.flatMap { Int($0) } ?? -1
      let next = Bytes(utf8: "\(count + 1) \(writer)")
      if try await swap(run, key, next, .ifMatch(current.tag)) { return }
    }
    throw ConformanceFailure(description: "writer \(writer) lost 1,000 races")
  }

  /// Whether a conditional put took effect; a conflict of requests is tried again.
  private static func swap(
    _ run: ConformanceRun, _ key: String, _ bytes: Bytes, _ mode: PutMode
  ) async throws -> Bool {
    for _ in 0..<1_000 {
      do {
        try await run.store.put(key, bytes, mode: mode)
        return true
      } catch let error as SternaError where error.code == .preconditionFailed {
        return false
      } catch let error as SternaError where error.code == .conditionalRequestConflict {
        await Task.yield()
      }
    }
    throw ConformanceFailure(description: "1,000 conflicts of requests on \(key)")
  }

  private static func raceReads(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noAtomicObjects) else { return }
    let bodies = (1...4).map { Bytes([UInt8](repeating: UInt8($0), count: 50_000 * $0)) }
    try await run.store.put("o", bodies[0])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for body in bodies {
        group.addTask { for _ in 0..<10 { try await run.store.put("o", body) } }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<20 {
            let bytes = try await run.store.get("o").bytes
            try run.expect(bodies.contains(bytes), "a read of \(bytes.count) bytes mixes two objects")
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
