import Columnar
import SternaBase

extension SymbolVerifier {
  mutating func verifyContents(_ holdings: [Holding]) async throws {
    // Versions with one schema and grouping share leaves, and nothing else does.
    var shapes: [VersionShape: [Holding]] = [:]
    for holding in holdings {
      try await verifyMetadata(holding)
      guard let schema = try await verifySchema(holding) else { continue }
      let shape = VersionShape(schema: schema, columnsPerGroup: holding.content.columnsPerGroup)
      shapes[shape, default: []].append(holding)
    }
    var tree = TreeInspector<IndexContent>(
      concurrency: concurrency,
      summarize: { leaf in
        IndexContent.summary(of: leaf.slices.map { SliceRecord(entry: $0, details: []) })
      }, disorder: Self.indexDisorder)
    for (shape, holdings) in shapes {
      let edges = holdings.map { holding in
        TreeInspector<IndexContent>.Edge(
          root: holding.content.root, stated: holding.content.treeSummary, levelExpected: nil,
          parentKey: holding.key, location: holding.location)
      }
      for holding in holdings where holding.content.root == .empty {
        guard holding.content.treeSummary.rowCount != 0 else { continue }
        inconsistent("a version without slices has rows", holding.key, holding.location)
      }
      for leaf in try await tree.walk(edges, &inspector) { try await verify(leaf, shape) }
      try await verifyTails(of: holdings, shape.schema)
    }
  }

  struct VersionShape: Hashable {
    let schema: Schema
    let columnsPerGroup: Int

    var groups: [Range<Int>] {
      SliceShape.groups(columnCount: schema.fields.count, columnsPerGroup: columnsPerGroup)
    }
  }

  static func indexDisorder(_ left: SliceSummary, _ right: SliceSummary) -> String? {
    guard let before = left.keys, let after = right.keys else {
      return left.keys == nil && right.keys == nil ? nil : "only some slices have index values"
    }
    return before.last <= after.first ? nil : "index value \(after.first) follows \(before.last)"
  }

  /// The bytes of a stored value, or nil when there is a problem with it.
  mutating func load(_ value: StoredValue, _ holding: Holding) async throws -> Bytes? {
    switch value {
    case .inline(let bytes): return bytes
    case .block(let pointer):
      if !inspector.reach(pointer, location: holding.location), inspector.listed[BlockName(pointer)] == nil
      {
        return nil
      }
      switch try await inspector.read(pointer, location: holding.location) {
      case .success(let bytes): return bytes
      case .failure(let found):
        inspector.report(found.problem)
        return nil
      }
    }
  }

  private mutating func verifySchema(_ holding: Holding) async throws -> Schema? {
    guard let bytes = try await load(holding.content.schema, holding) else { return nil }
    do {
      return try Schema(encoded: bytes)
    } catch {
      corrupt("its schema: \(error.message)", holding.key, holding.location)
      return nil
    }
  }

  private mutating func verifyMetadata(_ holding: Holding) async throws {
    guard let value = holding.content.metadata, let bytes = try await load(value, holding) else { return }
    do {
      _ = try JSONValue(parsing: bytes, subject: "metadata")
    } catch {
      corrupt("its metadata: \(error.message)", holding.key, holding.location)
    }
  }

  mutating func corrupt(_ what: String, _ key: String, _ location: String) {
    inspector.report(VerificationProblem(.corrupt, key: key, what, location: location))
  }
}
