import SternaBase

/// A chunk's texts on their way into a column.
struct TextPiece: Sendable {
  let firstRow: Int
  let source: any TextSource
  /// Where its texts begin in the column's data, once that is known.
  var base = 0

  var rows: Range<Int> { firstRow..<(firstRow + source.count) }
  var bytes: Range<Int> { base..<(base + source.byteCount) }
}

/// A chunk whose codes lie in the column's buffer already.
struct CodedPiece: Sendable {
  let firstRow: Int
  let count: Int
  /// Nil for those of the column's numbers.
  let texts: Column?

  var rows: Range<Int> { firstRow..<(firstRow + count) }
}

/// What a `TextAssembly` knows: which pieces are there, and where they go.
///
/// - Invariant: the rows before `nextRow` have their places, and their texts end at `byteCount`. `late` are
///   those of them, the last ones, for which `data` turned out too small. Codes are kept, or texts are
///   written, never both.
struct TextAssemblyState: Sendable {
  /// A little more than the first piece says, for the others will differ; what is not used is not touched.
  private static let estimateFactor = 1.25
  private static let estimateByteCountMax = 1e13
  /// Texts that are kept among codes though nobody says that they repeat, one of so many rows at most: the
  /// last rows of a symbol, say, which are few and therefore stored plainly.
  private static let rowsPerFewText = 16

  private let rowCount: Int
  private var keepsCodes: Bool

  private var codes: ByteStorage?
  private var coded: [CodedPiece] = []
  /// What the codes of texts that differ in a number stand for.
  private var numbers: NumberDictionary?
  private var fewTextCount = 0

  private var offsets: ByteStorage?
  private var data: ByteStorage?
  private var waiting: [TextPiece] = []
  private var late: [TextPiece] = []
  private var nextRow = 0
  private var byteCount = 0

  init(rowCount: Int, keepsCodes: Bool) {
    self.rowCount = rowCount
    self.keepsCodes = keepsCodes
  }

  /// Where to decode codes to; nil when they are not kept.
  mutating func codesBuffer() throws(SternaError) -> ByteStorage? {
    if keepsCodes, codes == nil {
      codes = try ByteStorage(untrustedCount: rowCount * MemoryLayout<UInt32>.size)
    }
    return keepsCodes ? codes : nil
  }

  /// Where to put the distances of numbers from a base; nil when they are not kept.
  mutating func codes(for texts: NumberedTexts) throws(SternaError) -> (ByteStorage, base: UInt64)? {
    guard keepsCodes else { return nil }
    // More texts than rows would take more memory than to write each row's out.
    if numbers == nil {
      numbers = NumberDictionary(texts, countMax: rowCount)
    } else if numbers?.take(texts, countMax: rowCount) != true {
      return nil
    }
    guard let base = numbers?.base, let codes = try codesBuffer() else { return nil }
    return (codes, base)
  }

  /// Where to put the codes of so many texts, one each; nil when that would be too many altogether.
  mutating func codes(forFewTexts count: Int) throws(SternaError) -> ByteStorage? {
    guard keepsCodes, fewTextCount + count <= rowCount / Self.rowsPerFewText else { return nil }
    fewTextCount += count
    return try codesBuffer()
  }

  /// Takes a piece whose codes are in the buffer.
  /// - Returns: what is to be written now, and where to, when codes are not kept any more.
  mutating func add(_ piece: CodedPiece) throws(SternaError) -> [(TextPiece, TextTarget)] {
    coded.append(piece)
    return keepsCodes ? [] : try giveUpCodes()
  }

  /// Takes a piece; from now on texts are written.
  /// - Returns: what is to be written now, and where to.
  mutating func add(_ piece: TextPiece) throws(SternaError) -> [(TextPiece, TextTarget)] {
    keepsCodes = false
    waiting.append(piece)
    return try giveUpCodes()
  }

  mutating func finish() throws(SternaError) -> ColumnStorage {
    if keepsCodes, !coded.isEmpty, let codes { return try dictionary(codes) }
    let offsets = try offsetsBuffer()
    try writeLate()
    return .variable(offsets: Bytes(offsets), data: data.map { Bytes($0)[0..<byteCount] } ?? .empty)
  }
}

// MARK: - Codes

extension TextAssemblyState {
  /// The texts of all numbers, those of all pieces behind them, and codes that count on through them. Texts
  /// that several pieces have occur as often.
  private func dictionary(_ codes: ByteStorage) throws(SternaError) -> ColumnStorage {
    let slots = codes.mutableBytes.assumingMemoryBound(to: UInt32.self)
    let numbers = coded.contains { $0.texts == nil } ? numbers : nil
    var texts: [Column] = []
    if let numbers { texts.append(try numbers.texts()) }
    var textCount = UInt32(texts.first?.count ?? 0)
    for piece in coded.sorted(by: { $0.firstRow < $1.firstRow }) {
      let shift = piece.texts == nil ? numbers?.shift ?? 0 : textCount
      if shift > 0 { for row in piece.rows { slots[row] &+= shift } }
      if let own = piece.texts {
        textCount += UInt32(own.count)
        texts.append(own)
      }
    }
    return .dictionary(codes: Bytes(codes), values: Column.concatenating(texts))
  }

  /// Turns coded pieces into texts to be written.
  private mutating func giveUpCodes() throws(SternaError) -> [(TextPiece, TextTarget)] {
    if let codes {
      for piece in coded {
        let slots = Bytes(codes)[(piece.rows.lowerBound * 4)..<(piece.rows.upperBound * 4)]
        let source: any TextSource
        if let texts = piece.texts {
          source = try DictionaryTexts(codes: slots, texts: texts)
        } else if let numbers {
          source = try NumberedRows(codes: slots, of: numbers)
        } else {
          preconditionFailure("numbers of no dictionary")
        }
        waiting.append(TextPiece(firstRow: piece.firstRow, source: source))
      }
      coded = []
    }
    return try takeReady()
  }
}

// MARK: - Texts

extension TextAssemblyState {
  private mutating func offsetsBuffer() throws(SternaError) -> ByteStorage {
    if let offsets { return offsets }
    let storage = try ByteStorage(untrustedCount: (rowCount + 1) * MemoryLayout<Int64>.size)
    storage.mutableBytes.storeBytes(of: 0, as: Int64.self)
    offsets = storage
    return storage
  }

  /// The waiting pieces whose place is known now.
  private mutating func takeReady() throws(SternaError) -> [(TextPiece, TextTarget)] {
    let offsets = try offsetsBuffer()
    var ready: [(TextPiece, TextTarget)] = []
    while let index = waiting.firstIndex(where: { $0.firstRow == nextRow }) {
      var piece = waiting.remove(at: index)
      piece.base = byteCount
      nextRow = piece.rows.upperBound
      byteCount = piece.bytes.upperBound
      let data = try dataBuffer(startingWith: piece)
      if byteCount <= data.count {
        ready.append((piece, Self.target(of: piece, offsets, data)))
      } else {
        late.append(piece)
      }
    }
    return ready
  }

  private mutating func dataBuffer(startingWith piece: TextPiece) throws(SternaError) -> ByteStorage {
    if let data { return data }
    let share = Double(piece.source.byteCount) / Double(piece.source.count) * Double(rowCount)
    let isAll = piece.source.count == rowCount
    let estimate = isAll ? 0 : Int(min(share * Self.estimateFactor, Self.estimateByteCountMax))
    let storage = try ByteStorage(untrustedCount: max(estimate, piece.source.byteCount))
    data = storage
    return storage
  }

  /// Moves everything to a buffer of the right size, where the estimate was too small.
  private mutating func writeLate() throws(SternaError) {
    guard let first = late.first, let data, let offsets else { return }
    let larger = try ByteStorage(untrustedCount: byteCount)
    larger.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: data.bytes[..<first.base]))
    for piece in late { try piece.source.write(to: Self.target(of: piece, offsets, larger)) }
    late = []
    self.data = larger
  }

  private static func target(
    of piece: TextPiece, _ offsets: ByteStorage, _ data: ByteStorage
  ) -> TextTarget {
    let bounds = offsets.mutableBytes.assumingMemoryBound(to: Int64.self)
    return TextTarget(
      ends: UnsafeMutableBufferPointer(
        rebasing: bounds[(piece.rows.lowerBound + 1)..<(piece.rows.upperBound + 1)]),
      base: Int64(piece.base), data: UnsafeMutableRawBufferPointer(rebasing: data.mutableBytes[piece.bytes])
    )
  }
}
