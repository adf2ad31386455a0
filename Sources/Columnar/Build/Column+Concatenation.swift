import SternaBase

extension Column {
  /// One column of the rows of several, in order.
  /// - Precondition: there is at least one, and all have the same type.
  package static func concatenating(_ columns: [Column]) -> Column {
    precondition(columns.allSatisfy { $0.type == columns[0].type })
    guard columns.count > 1 else { return columns[0] }
    if columns[0].type == .utf8, !columns.allSatisfy(\.hasCodes) {
      return concatenatingUniform(columns.map(\.writtenOut))
    }
    return concatenatingUniform(columns)
  }

  /// - Precondition: all have the same layout.
  private static func concatenatingUniform(_ columns: [Column]) -> Column {
    Column(
      type: columns[0].type, count: columns.reduce(0) { $0 + $1.count },
      storage: ColumnStorage.concatenating(columns), validity: concatenatedValidity(of: columns))
  }

  private static func concatenatedValidity(of columns: [Column]) -> Bitmap? {
    guard columns.contains(where: { $0.validity != nil }) else { return nil }
    var bits = BitmapBuilder(reserving: columns.reduce(0) { $0 + $1.count })
    for column in columns {
      if let validity = column.validity {
        bits.append(contentsOf: validity)
      } else {
        bits.append(repeating: true, count: column.count)
      }
    }
    return bits.take()
  }
}

extension Column {
  fileprivate var hasCodes: Bool { if case .dictionary = storage { true } else { false } }
}

extension ColumnStorage {
  fileprivate static func concatenating(_ columns: [Column]) -> ColumnStorage {
    switch columns[0].storage {
    case .fixedWidth: concatenatingSlots(columns)
    case .bits: concatenatingBits(columns)
    case .variable: concatenatingVariable(columns)
    case .dictionary: concatenatingDictionaries(columns)
    }
  }

  private static func concatenatingSlots(_ columns: [Column]) -> ColumnStorage {
    let width = columns[0].type.byteWidth ?? 0
    var slots = GrowableBytes(reserving: columns.reduce(0) { $0 + $1.count * width })
    for column in columns { column.withSlots { slots.append(contentsOf: $0) } }
    return .fixedWidth(slots.take())
  }

  private static func concatenatingBits(_ columns: [Column]) -> ColumnStorage {
    var all = BitmapBuilder(reserving: columns.reduce(0) { $0 + $1.count })
    for case .bits(let bits) in columns.map(\.storage) { all.append(contentsOf: bits) }
    return .bits(all.take())
  }

  private static func concatenatingVariable(_ columns: [Column]) -> ColumnStorage {
    var offsets = GrowableBytes(reserving: (columns.reduce(0) { $0 + $1.count } + 1) * 8)
    var data = GrowableBytes()
    offsets.append(Int64(0))
    for case .variable(let pieceOffsets, let pieceData) in columns.map(\.storage) {
      pieceOffsets.withUnsafeBytes { raw in
        let bounds = raw.assumingMemoryBound(to: Int64.self)
        let (first, last) = (bounds[0], bounds[bounds.count - 1])
        let shift = Int64(data.count) - first
        for index in 1..<bounds.count { offsets.append(bounds[index] + shift) }
        data.append(contentsOf: pieceData[Int(first)..<Int(last)])
      }
    }
    return .variable(offsets: offsets.take(), data: data.take())
  }

  /// Pieces have their own codes: each distinct text gets one code for the whole.
  private static func concatenatingDictionaries(_ columns: [Column]) -> ColumnStorage {
    var codes = GrowableBytes(reserving: columns.reduce(0) { $0 + $1.count * 4 })
    var interner = TextInterner()
    for case .dictionary(let pieceCodes, let values) in columns.map(\.storage) {
      var newCodes: [Int32] = []
      for code in 0..<values.count {
        newCodes.append(values.withBytes(at: code) { interner.code(for: $0) } ?? 0)
      }
      pieceCodes.withUnsafeBytes { raw in
        for code in raw.assumingMemoryBound(to: Int32.self) {
          // The slot of a null may hold a code of no text (an empty dictionary).
          codes.append(newCodes.indices.contains(Int(code)) ? newCodes[Int(code)] : 0)
        }
      }
    }
    return .dictionary(codes: codes.take(), values: interner.take())
  }
}
