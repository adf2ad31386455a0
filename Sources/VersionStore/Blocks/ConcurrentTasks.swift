/// Runs `body` for every element with at most `limit` at once; the first failure cancels the rest.
package func forEachConcurrently<Element: Sendable>(
  _ elements: [Element], limit: Int, _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
  _ = try await mapConcurrently(elements, limit: limit, body)
}

/// Maps every element with at most `limit` at once, results in the order of the elements; the first failure
/// cancels the rest.
package func mapConcurrently<Element: Sendable, Result: Sendable>(
  _ elements: [Element], limit: Int, _ transform: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
  // One needs no task beside the one that waits for it.
  if elements.count < 2 {
    guard let only = elements.first else { return [] }
    return [try await transform(only)]
  }
  return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: elements.count)
    var next = 0
    func startNext() {
      guard next < elements.count else { return }
      let (index, element) = (next, elements[next])
      next += 1
      group.addTask { (index, try await transform(element)) }
    }
    for _ in 0..<max(1, limit) { startNext() }
    while let (index, result) = try await group.next() {
      results[index] = result
      startNext()
    }
    return results.compactMap { $0 }
  }
}
