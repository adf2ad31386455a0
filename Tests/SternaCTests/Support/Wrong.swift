import CArrow

/// One way in which a stream breaks the interface, or asks for what is not stored.
struct Wrong: Sendable {
  let name: String
  /// The code of the error; nil where the data is odd but good.
  let code: String?
  let apply: @Sendable (ForeignStream) -> Void

  private init(
    _ name: String, _ code: String? = "invalidArgument",
    _ apply: @escaping @Sendable (ForeignStream) -> Void
  ) {
    self.name = name
    self.code = code
    self.apply = apply
  }

  static let all = streams + schemas + arrays + texts

  // Positions of columns in `ForeignStream`.
  private static let (number, double, text, largeText, view, day, bytes, null, coded) = (
    0, 1, 2, 3, 5, 6, 7, 9, 10
  )
  private static let huge: [Int64] = [-1, .min, .max, 1 << 41]

  private static let streams: [Wrong] = [
    Wrong("get_schema NULL") { $0.stream.get_schema = nil },
    Wrong("get_next NULL") { $0.stream.get_next = nil },
    Wrong("release NULL") { $0.stream.release = nil },
    Wrong("get_schema fails") { $0.schemaStatus = 5 },
    Wrong("get_schema fails, nobody to say why") {
      $0.schemaStatus = -1
      $0.stream.get_last_error = nil
    },
    Wrong("get_next fails") {
      $0.batchStatus = 12
      $0.lastError = $0.cString("broken")
    },
    Wrong("get_next fails in bad UTF-8") {
      $0.batchStatus = .min
      $0.lastError = $0.cString([0xFF, 0xC0, 0x80])
    },
    Wrong("no batch at all", nil) { $0.array.pointee.release = nil },
  ]

  private static let formats: [[UInt8]] =
    [
      "", "x", "+l", "+s", "+w:3", "+ud:0,1", "+r", "+vl", "tsn", "ts", "tsx:", "tDx", "ttn", "w:", "w:-1",
      "d:19,10", "e",
      "w:99999999999999999999", "tin", "w:+", "uu",
    ].map { Array($0.utf8) } + [[0xFF], Array("tsn:".utf8) + [0xFF]]

  private static let schemas: [Wrong] =
    [
      Wrong("schema released") { $0.schema.pointee.release = nil },
      Wrong("schema no struct", "unsupported") { $0.schema.pointee.format = $0.cString("l") },
      Wrong("schema without format", "unsupported") { $0.schema.pointee.format = nil },
      Wrong("schema's children NULL") { $0.schema.pointee.children = nil },
      Wrong("fewer columns than the batch") { $0.schema.pointee.n_children -= 1 },
      Wrong("-1 columns", "resourceLimit") { $0.schema.pointee.n_children = -1 },
      Wrong("2^63 columns", "resourceLimit") { $0.schema.pointee.n_children = .max },
      Wrong("child NULL") { $0.schemaTable[3] = nil },
      Wrong("child released") { $0.schema(3).pointee.release = nil },
      Wrong("name NULL", nil) { $0.schema(3).pointee.name = nil },
      Wrong("name not UTF-8") { $0.schema(3).pointee.name = $0.cString([0x61, 0xC3]) },
      Wrong("format NULL", "unsupported") { $0.schema(3).pointee.format = nil },
      Wrong("dictionary of numbers", "unsupported") {
        $0.schema(number).pointee.dictionary = $0.newSchema("l", "")
      },
      Wrong("dictionary of dictionaries", "unsupported") {
        $0.dictionarySchema.pointee.dictionary = $0.newSchema("u", "")
      },
      Wrong("dictionary of itself", "unsupported") {
        $0.schema(coded).pointee.dictionary = $0.schema(coded)
      },
      Wrong("codes that are doubles") { $0.schema(coded).pointee.format = $0.cString("g") },
      Wrong("metadata of -1 pairs", nil) {
        $0.schema(2).pointee.metadata = UnsafePointer($0.words([-1, 0]))
      },
      Wrong("metadata of 2^31 bytes", nil) {
        $0.schema(2).pointee.metadata = UnsafePointer($0.words([1, .max, 0]))
      },
      Wrong("metadata of a negative length", nil) {
        $0.schema(2).pointee.metadata = UnsafePointer($0.words([1, .min, .min, 0, 0]))
      },
    ]
    + formats.map { format in
      Wrong("format \(format)", "unsupported") { $0.schema(2).pointee.format = $0.cString(format) }
    }

  private static let arrays: [Wrong] =
    huge.flatMap { wrong in
      [
        Wrong("batch's length \(wrong)") { $0.array.pointee.length = wrong },
        Wrong("batch's offset \(wrong)") { $0.array.pointee.offset = wrong },
        Wrong("batch's n_children \(wrong)") { $0.array.pointee.n_children = wrong },
        Wrong("offset \(wrong)") { $0.array(2).pointee.offset = wrong },
      ] + (wrong < 0 ? [Wrong("length \(wrong)") { $0.array(number).pointee.length = wrong }] : [])
    }
    + (0...10).map { column in
      Wrong("column \(column) shorter than the batch") { $0.array(column).pointee.length = 3 }
    }
    + [0, 1, 2, 3, 4, 5, 6, 7, 8, 10].flatMap { column in
      [
        Wrong("column \(column) without buffers") { $0.array(column).pointee.n_buffers = 0 },
        Wrong("column \(column) of one buffer") { $0.array(column).pointee.n_buffers = 1 },
        Wrong("column \(column) of -1 buffers") { $0.array(column).pointee.n_buffers = -1 },
        Wrong("column \(column) whose table of buffers is NULL") { $0.array(column).pointee.buffers = nil },
        Wrong("column \(column) whose values are NULL") { $0.buffers(column)[1] = nil },
        Wrong("column \(column) of nulls that nothing marks") {
          $0.array(column).pointee.null_count = 2
          $0.buffers(column)[0] = nil
        },
        Wrong("column \(column) of -2 nulls") { $0.array(column).pointee.null_count = -2 },
        Wrong("column \(column) of 9 nulls in 8 rows") { $0.array(column).pointee.null_count = 9 },
        Wrong("column \(column) NULL") { $0.arrayTable[column] = nil },
        Wrong("column \(column) released") { $0.array(column).pointee.release = nil },
      ]
    } + [
      Wrong("batch's children NULL") { $0.array.pointee.children = nil },
      Wrong("null rows, not marked", "unsupported") { $0.array.pointee.null_count = 1 },
      Wrong("null rows", "unsupported") {
        $0.array.pointee.null_count = -1
        $0.batchBuffers[0] = $0.buffer([UInt8(0x7F)])
      },
      Wrong("no null rows", nil) {
        $0.array.pointee.null_count = -1
        $0.batchBuffers[0] = $0.buffer([UInt8(0xFF)])
      },
      Wrong("batch of no rows", nil) { $0.array.pointee.length = 0 },
      Wrong("memory that is not aligned", nil) {
        $0.buffers(number)[1] = $0.buffers(number)[1].map { $0 + 3 }
      },
    ]

  private static let texts: [Wrong] = [
    Wrong("falling offsets") { $0.set(text, 1, [Int32(0), 2, 1, 3, 4, 5, 6, 7, 8]) },
    Wrong("a negative offset") { $0.set(text, 1, [Int32(-1), 2, 4, 6, 7, 8, 9, 10, 11]) },
    Wrong("a negative offset of 64 bits") { $0.set(largeText, 1, [Int64.min, 2, 4, 6, 7, 8, 9, 10, 11]) },
    Wrong("offsets beyond any memory") { $0.set(largeText, 1, [Int64(0), 2, 4, 6, 7, 8, 9, 10, .max]) },
    Wrong("falling offsets of 64 bits") { $0.set(largeText, 1, [Int64(0), 9, 4, 16, 17, 18, 19, 20, 21]) },
    Wrong("texts without their bytes") { $0.buffers(text)[2] = nil },
    Wrong("text that is not UTF-8") { $0.set(text, 2, [UInt8(0xFF), 0xC0]) },
    Wrong("large text that is not UTF-8") { $0.set(largeText, 2, [UInt8(0x80)]) },
    Wrong("text that ends within a character") { $0.set(text, 2, [UInt8(0x61), 0xE2]) },
    Wrong("a surrogate") { $0.set(largeText, 2, [UInt8(0xED), 0xA0, 0x80]) },
    Wrong("a view of a negative length") { $0.setView(0, [-1, 0, 0, 0]) },
    Wrong("a view into no buffer") { $0.setView(0, [13, 0, 1, 0]) },
    Wrong("a view into buffer -1") { $0.setView(0, [13, 0, -1, 0]) },
    Wrong("a view beyond its buffer") { $0.setView(0, [13, 0, 0, 14]) },
    Wrong("a view before its buffer") { $0.setView(0, [13, 0, 0, -1]) },
    Wrong("a view of 2^31 bytes") { $0.setView(0, [.max, 0, 0, .max]) },
    Wrong("a view without lengths") { $0.buffers(view)[3] = nil },
    Wrong("views without their bytes") { $0.buffers(view)[2] = nil },
    Wrong("2^63 buffers") { $0.array(view).pointee.n_buffers = .max },
    Wrong("a short view that is not UTF-8") { $0.setView(0, [2, 0xC0C0, 0, 0]) },
    Wrong("half a day") { $0.set(day, 1, [Int64(43_200_000)]) },
    Wrong("a day after the last") { $0.set(day, 1, [Int64.max / 86_400_000 * 86_400_000]) },
    Wrong("a code without a value") { $0.set(coded, 1, [Int8(3)]) },
    Wrong("a negative code") { $0.set(coded, 1, [Int8(-1)]) },
    Wrong("a code without a value in a null row", nil) {
      $0.set(coded, 1, [Int8(-128), 100])
      $0.buffers(coded)[0] = $0.buffer([UInt8(0b1111_1100)])
    },
    Wrong("no dictionary") { $0.array(coded).pointee.dictionary = nil },
    Wrong("a dictionary released") { $0.dictionary.pointee.release = nil },
    Wrong("a dictionary of -1 values") { $0.dictionary.pointee.length = -1 },
    Wrong("a dictionary not in UTF-8") { $0.setDictionary(2, [UInt8(0xFF)]) },
    Wrong("a dictionary of falling offsets") { $0.setDictionary(1, [Int32(0), 3, 2, 1]) },
    Wrong("a dictionary without buffers") { $0.dictionary.pointee.n_buffers = 0 },
    Wrong("nulls by the wrong number", nil) { $0.array(bytes).pointee.null_count = 5 },
    Wrong("not a number", nil) { $0.set(double, 1, [Double.nan, -.infinity, -0.0]) },
    Wrong("nothing but nulls, counted", nil) { $0.array(null).pointee.null_count = 8 },
  ]
}

extension ForeignStream {
  fileprivate func words(_ words: [Int32]) -> UnsafeMutablePointer<CChar> {
    UnsafeMutableRawPointer(mutating: buffer(words)).assumingMemoryBound(to: CChar.self)
  }

  /// Puts values at the start of a column's buffer.
  fileprivate func set<Element: BitwiseCopyable>(_ column: Int, _ number: Int, _ values: [Element]) {
    put(values, at: buffers(column)[number])
  }

  fileprivate func setDictionary<Element: BitwiseCopyable>(_ number: Int, _ values: [Element]) {
    put(values, at: dictionaryBuffers[number])
  }

  fileprivate func setView(_ row: Int, _ words: [Int32]) {
    put(words, at: buffers(5)[1].map { $0 + row * 16 })
  }

  private func put<Element: BitwiseCopyable>(_ values: [Element], at place: UnsafeRawPointer?) {
    guard let place else { return }
    values.withUnsafeBytes {
      UnsafeMutableRawPointer(mutating: place).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
  }
}
