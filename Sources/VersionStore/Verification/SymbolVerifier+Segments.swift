import Columnar
import SternaBase

extension SymbolVerifier {
  typealias Leaf = TreeInspector<IndexContent>.FoundLeaf

  mutating func verify(_ leaf: Leaf, _ shape: VersionShape) async throws {
    let groups = shape.groups
    guard leaf.leaf.details.count == groups.count else {
      let what = "the leaf has \(leaf.leaf.details.count) column groups, the version \(groups.count)"
      return inconsistent(what, leaf.key, leaf.location)
    }
    let slices = leaf.leaf.slices
    for slice in slices {
      if slice.rowCount == 0 { inconsistent("a slice without rows", leaf.key, leaf.location) }
      if (slice.keys == nil) != (shape.schema.indexColumn == nil) {
        inconsistent("index values do not go with the schema", leaf.key, leaf.location)
      }
    }
    for (left, right) in zip(slices, slices.dropFirst()) {
      let (before, after) = (SliceSummary(of: left), SliceSummary(of: right))
      if let what = Self.indexDisorder(before, after) { inconsistent(what, leaf.key, leaf.location) }
    }
    var found: [SegmentClaim] = []
    for (number, group) in groups.enumerated() {
      found += try await claims(of: leaf, group: group, number: number, shape.schema)
    }
    try await verify(found)
  }

  /// What the index says of the segments of one column group of a leaf; its detail node is verified.
  private mutating func claims(
    of leaf: Leaf, group: Range<Int>, number: Int, _ schema: Schema
  ) async throws -> [SegmentClaim] {
    let pointer = leaf.leaf.details[number]
    let key = inspector.key(pointer)
    var descriptors: [[ColumnChunk]] = []
    if inspector.reach(pointer, location: leaf.location) {
      switch try await inspector.read(pointer, location: leaf.location) {
      case .failure(let found): inspector.report(found.problem)
      case .success(let bytes):
        do {
          descriptors = try Self.descriptors(in: bytes, group: number, key: key)
        } catch {
          corrupt(error.message, key, leaf.location)
        }
      }
    } else if inspector.listed[BlockName(pointer)] != nil,
      case .success(let bytes) = try await inspector.read(pointer, location: leaf.location)
    {
      // Two leaves with one detail node: its problems are known, its content is needed again.
      descriptors = (try? Self.descriptors(in: bytes, group: number, key: key)) ?? []
    }
    if !descriptors.isEmpty, descriptors.count != leaf.leaf.slices.count {
      inconsistent(
        "\(descriptors.count) slices, the leaf has \(leaf.leaf.slices.count)", key, leaf.location)
    }
    let indexPosition = schema.indexColumn.flatMap { group.contains($0) ? $0 - group.lowerBound : nil }
    var found = ClaimList()
    for (position, slice) in leaf.leaf.slices.enumerated() {
      let segment = slice.segments[number]
      let isNew = inspector.reach(segment, location: leaf.location)
      guard descriptors.indices.contains(position) else { continue }
      let chunks = descriptors[position]
      if isNew || slice.isPart,
        chunks.map(\.field.name) != schema.fields[group].map(\.name)
          || chunks.contains(where: { $0.rowCount != slice.segmentRowCount })
      {
        inconsistent("chunk descriptors do not fit slice \(position)", key, leaf.location)
      }
      let use = SegmentClaim.Use(slice)
      // A segment that was read for another slice is read again only where that says something new.
      let isNewUse = knownUses[BlockName(segment), default: []].insert(use).inserted
      guard isNew || isNewUse && indexPosition != nil && inspector.isListed(segment) else { continue }
      let claim = SegmentClaim(
        pointer: segment, rowCount: slice.segmentRowCount, uses: [use], chunks: chunks,
        indexPosition: indexPosition, location: leaf.location)
      found.add(claim, isFirst: isNew)
    }
    return found.claims(decodes: depth == .data)
  }

  private static func descriptors(
    in bytes: Bytes, group: Int, key: String
  ) throws(SternaError) -> [[ColumnChunk]] {
    let detail = try IndexDetail(decoding: bytes, subject: key)
    guard detail.group == group else {
      throw SternaError(.corrupt, "it is the detail of column group \(detail.group), not \(group)")
    }
    var descriptors: [[ColumnChunk]] = []
    for slice in detail.slices { descriptors.append(try SegmentDetail.decode(slice, subject: key)) }
    return descriptors
  }

  /// Reads segments and holds them against the index, a few at once: they are large.
  private mutating func verify(_ claims: [SegmentClaim]) async throws {
    guard depth >= .hashes else { return }
    let (reader, decodes) = (inspector, depth == .data)
    let found = try await mapConcurrently(claims, limit: Self.segmentConcurrency) { claim in
      try await Self.problems(of: claim, reader, decodes: decodes)
    }
    for problem in found.joined() { inspector.report(problem) }
  }

  private static let segmentConcurrency = 8

  private static func problems(
    of claim: SegmentClaim, _ inspector: BlockInspector, decodes: Bool
  ) async throws -> [VerificationProblem] {
    let key = inspector.key(claim.pointer)
    switch try await inspector.read(claim.pointer, location: claim.location) {
    case .failure(let found): return [found.problem]
    case .success(let bytes):
      do {
        return try SegmentInspector.problems(of: bytes, claim, decodes: decodes).map {
          VerificationProblem(.inconsistent, key: key, $0, location: claim.location)
        }
      } catch {
        return [try BlockInspector.problem(error, key: key, location: claim.location).problem]
      }
    }
  }
}

/// The claims of one leaf's slices: one a segment, however many slices are parts of it.
private struct ClaimList {
  private var claims: [(claim: SegmentClaim, isFirst: Bool)] = []
  private var positions: [BlockPointer: Int] = [:]

  mutating func add(_ claim: SegmentClaim, isFirst: Bool) {
    if let position = positions[claim.pointer] {
      claims[position].claim.uses += claim.uses
    } else {
      positions[claim.pointer] = claims.count
      claims.append((claim, isFirst))
    }
  }

  /// - Parameter decodes: without that, a segment that was read before has nothing new to say.
  func claims(decodes: Bool) -> [SegmentClaim] {
    claims.filter { decodes || $0.isFirst }.map(\.claim)
  }
}

extension SliceSummary {
  fileprivate init(of slice: SliceEntry) {
    self.init(keys: slice.keys, rowCount: slice.rowCount, sliceCount: 1, byteCount: slice.byteCount)
  }
}
