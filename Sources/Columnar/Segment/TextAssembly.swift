import SternaBase
import Synchronization

/// The texts of one column, put together from chunks that come in any order.
///
/// Where a chunk's texts begin is known when the sizes of all chunks before it are. Whoever brings the
/// chunk that closes a gap writes it, and those that waited behind it, straight to their final place:
///
///     offsets   [ chunk 0 | chunk 1 | ....... | chunk 3 waits | ...... ]   one buffer
///     data      [ chunk 0    | chunk 1 |                               ]   one buffer, of estimated size
///
/// Where codes are preferred and chunks have few distinct texts, or texts that differ in a number of a
/// small range, or few rows, those are kept instead: the codes in one buffer, the texts of all chunks one
/// behind the other.
final class TextAssembly: Sendable {
  /// Codes are kept for chunks of at least so many rows to a distinct text: codes and texts together are
  /// then smaller than the texts written out, and quicker to turn into objects.
  private static let rowsPerTextMin = 8

  private let rowCount: Int
  private let prefersCodes: Bool
  private let state: Mutex<TextAssemblyState>

  init(rowCount: Int, prefersCodes: Bool) {
    self.rowCount = rowCount
    self.prefersCodes = prefersCodes
    state = Mutex(TextAssemblyState(rowCount: rowCount, keepsCodes: prefersCodes))
  }

  /// Decodes a chunk to the rows from `firstRow` on; returns which of them are present, nil for all.
  /// - Precondition: the rows lie within the column, and no other chunk has any of them.
  func place(
    _ chunk: ColumnChunk, _ bytes: Bytes, atRow firstRow: Int, verifyingChecksum: Bool
  ) throws(SternaError) -> Bitmap? {
    if let textCount = chunk.distinctTextCount, textCount * Self.rowsPerTextMin <= chunk.rowCount,
      let codes = try codesBuffer()
    {
      let slots = codes.mutableBytes.assumingMemoryBound(to: UInt32.self)
      let (texts, validity) = try chunk.decodeCodes(
        bytes, verifyingChecksum: verifyingChecksum,
        into: UnsafeMutableBufferPointer(rebasing: slots[firstRow..<(firstRow + chunk.rowCount)]))
      try add(CodedPiece(firstRow: firstRow, count: chunk.rowCount, texts: texts))
      return validity
    }
    let (texts, validity) = try chunk.decodeTexts(bytes, verifyingChecksum: verifyingChecksum)
    if try !addNumbers(of: texts, firstRow: firstRow) { try add(texts, firstRow: firstRow) }
    return validity
  }

  /// Keeps a few texts among codes as they are, a code each.
  /// - Returns: false when they are to be written out.
  private func addFew(_ source: any TextSource, firstRow: Int) throws(SternaError) -> Bool {
    guard prefersCodes, source.count > 0,
      let codes = try state.withLock({ (state) throws(SternaError) in
        try state.codes(forFewTexts: source.count)
      })
    else { return false }
    let slots = codes.mutableBytes.assumingMemoryBound(to: UInt32.self)
    for row in 0..<source.count { slots[firstRow + row] = UInt32(row) }
    let (offsets, data) = try source.storage()
    let texts = Column(
      type: .utf8, count: source.count, storage: .variable(offsets: offsets, data: data))
    try add(CodedPiece(firstRow: firstRow, count: source.count, texts: texts))
    return true
  }

  /// Keeps the numbers of texts that differ in nothing else as codes.
  /// - Returns: false when they are to be written out.
  private func addNumbers(of source: any TextSource, firstRow: Int) throws(SternaError) -> Bool {
    guard prefersCodes, let texts = (source as? PatternTexts).flatMap(NumberedTexts.init),
      let (codes, base) = try state.withLock({ (state) throws(SternaError) in try state.codes(for: texts) })
    else { return false }
    let slots = codes.mutableBytes.assumingMemoryBound(to: UInt32.self)
    let rows = firstRow..<(firstRow + source.count)
    texts.write(distancesFrom: base, to: UnsafeMutableBufferPointer(rebasing: slots[rows]))
    try add(CodedPiece(firstRow: firstRow, count: source.count, texts: nil))
    return true
  }

  /// Rows that are decoded already.
  func place(_ column: Column, atRow firstRow: Int) throws(SternaError) {
    guard case .variable(let offsets, let data) = column.storage else {
      preconditionFailure("\(column.type) is not of variable width")
    }
    try add(DecodedTexts(offsets: offsets, data: data), firstRow: firstRow)
  }

  /// The buffers, when all rows have been placed: of a dictionary column where codes were kept.
  func finish() throws(SternaError) -> ColumnStorage {
    try state.withLock { (state) throws(SternaError) in try state.finish() }
  }

  private func add(_ source: any TextSource, firstRow: Int) throws(SternaError) {
    guard source.count > 0 else { return }
    if try addFew(source, firstRow: firstRow) { return }
    let ready = try state.withLock { (state) throws(SternaError) in
      try state.add(TextPiece(firstRow: firstRow, source: source))
    }
    // Outside of the lock: chunks are written side by side.
    for (piece, target) in ready { try piece.source.write(to: target) }
  }

  private func add(_ piece: CodedPiece) throws(SternaError) {
    let ready = try state.withLock { (state) throws(SternaError) in try state.add(piece) }
    for (piece, target) in ready { try piece.source.write(to: target) }
  }

  /// Nil when codes are not kept.
  private func codesBuffer() throws(SternaError) -> ByteStorage? {
    try state.withLock { (state) throws(SternaError) in try state.codesBuffer() }
  }
}
