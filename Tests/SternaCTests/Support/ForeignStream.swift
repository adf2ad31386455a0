import CArrow
import SternaBase
import Synchronization

/// A C stream made by hand, of one batch, in which each field of each structure can be made wrong.
///
/// A consumer that reads behind what they say meets the address sanitizer. Buffers are larger than
/// their arrays need: a length that is wrong but possible is nothing that the reader could have seen.
final class ForeignStream: @unchecked Sendable {
  // Used by one thread at a time: that of the test before the call, then the engine's.
  let schema: UnsafeMutablePointer<ArrowSchema>
  let array: UnsafeMutablePointer<ArrowArray>
  var stream = ArrowArrayStream()
  var schemaStatus: Int32 = 0
  var batchStatus: Int32 = 0
  var lastError: UnsafePointer<CChar>?
  private let released = Mutex(ReleaseCounts())
  private var batchCount = 1
  private var memory: [UnsafeMutableRawPointer] = []
  // As they were made, whatever was put in their place since.
  private var columns:
    [(schema: UnsafeMutablePointer<ArrowSchema>, array: UnsafeMutablePointer<ArrowArray>)] = []
  private var tables: [UnsafeMutablePointer<UnsafeRawPointer?>] = []
  let dictionary = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
  let dictionarySchema = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
  let schemaTable = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>.allocate(capacity: columnCount)
  let arrayTable = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(capacity: columnCount)
  var dictionaryBuffers: UnsafeMutablePointer<UnsafeRawPointer?> { tables[Self.columnCount] }
  var batchBuffers: UnsafeMutablePointer<UnsafeRawPointer?> { tables[Self.columnCount + 1] }

  var counts: ReleaseCounts { released.withLock { $0 } }
  func schema(_ column: Int) -> UnsafeMutablePointer<ArrowSchema> { columns[column].schema }
  func array(_ column: Int) -> UnsafeMutablePointer<ArrowArray> { columns[column].array }
  func buffers(_ column: Int) -> UnsafeMutablePointer<UnsafeRawPointer?> { tables[column] }

  /// How often what was given out was released.
  struct ReleaseCounts: Equatable {
    var streams = 0
    var schemas = 0
    var batches = 0
    var schemasGiven = 0
    var batchesGiven = 0
  }

  static let rowCount = 8
  private static let columnCount = 11
  private static let bufferByteCount = 4096

  init() {
    schema = .allocate(capacity: 1)
    array = .allocate(capacity: 1)
    schema.initialize(to: ArrowSchema())
    array.initialize(to: ArrowArray())
    fillStream()
    fillBatch()
  }

  deinit {
    for block in memory { block.deallocate() }
    schema.deallocate()
    array.deallocate()
    dictionary.deallocate()
    dictionarySchema.deallocate()
    schemaTable.deallocate()
    arrayTable.deallocate()
  }

  // MARK: Memory

  func allocate<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<
    Element
  > {
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    block.initializeMemory(
      as: UInt8.self, repeating: 0, count: max(1, count) * MemoryLayout<Element>.stride)
    memory.append(block)
    return block.assumingMemoryBound(to: Element.self)
  }

  func cString(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
    let text = allocate(bytes.count + 1, of: UInt8.self)
    for (position, byte) in bytes.enumerated() { text[position] = byte }
    return UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)
  }

  func cString(_ text: String) -> UnsafePointer<CChar> { cString(Array(text.utf8)) }

  /// A buffer of `Self.bufferByteCount` bytes that begins with these.
  func buffer<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeRawPointer {
    let block = UnsafeMutableRawPointer(allocate(Self.bufferByteCount, of: UInt8.self))
    values.withUnsafeBytes { block.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    return UnsafeRawPointer(block)
  }

  // MARK: Structures

  func newSchema(_ format: String, _ name: String) -> UnsafeMutablePointer<ArrowSchema> {
    let schema = allocate(1, of: ArrowSchema.self)
    schema.pointee.format = cString(format)
    schema.pointee.name = cString(name)
    schema.pointee.flags = 2
    schema.pointee.release = { $0?.pointee.release = nil }
    return schema
  }

  func newArray(_ buffers: [UnsafeRawPointer?]) -> UnsafeMutablePointer<ArrowArray> {
    let array = allocate(1, of: ArrowArray.self)
    array.pointee.length = Int64(Self.rowCount)
    array.pointee.null_count = -1
    array.pointee.n_buffers = Int64(buffers.count)
    let table = allocate(buffers.count, of: UnsafeRawPointer?.self)
    for (position, buffer) in buffers.enumerated() { table[position] = buffer }
    array.pointee.buffers = table
    array.pointee.release = { $0?.pointee.release = nil }
    return array
  }

  private func fillBatch() {
    let rows = Self.rowCount
    let offsets = (0...rows).map { Int32($0 * 2) }
    let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    let bits: [UInt8] = [0b1011_0111]
    // A view of 16 bytes each: short ones in themselves, the last in a buffer.
    var views: [Int32] = (0..<(rows - 1)).flatMap { [2, Int32(0x6161 + $0), 0, 0] }
    views += [20, 0x6463_6261, 0, 3]
    dictionarySchema.initialize(to: newSchema("u", "values").pointee)
    dictionary.initialize(
      to: newArray([nil, buffer([Int32(0), 1, 2, 3]), buffer(letters)]).pointee)
    dictionary.pointee.length = 3
    let layouts: [(String, [UnsafeRawPointer?])] = [
      ("l", [nil, buffer((0..<rows).map { Int64($0) })]),
      ("g", [buffer(bits), buffer([Double](repeating: 1.5, count: rows))]),
      ("u", [buffer(bits), buffer(offsets), buffer(letters)]),
      ("U", [nil, buffer(offsets.map { Int64($0) }), buffer(letters)]), ("b", [nil, buffer(bits)]),
      ("vu", [nil, buffer(views), buffer(letters), buffer([Int64(26)])]),
      ("tdm", [nil, buffer([Int64](repeating: 86_400_000, count: rows))]),
      ("w:3", [buffer(bits), buffer(letters + letters)]),
      ("tsn:UTC", [nil, buffer((0..<rows).map { Int64($0) })]),
      ("n", []), ("c", [nil, buffer((0..<rows).map { Int8($0 % 3) })]),
    ]
    columns = layouts.enumerated().map { (newSchema($1.0, "c\($0)"), newArray($1.1)) }
    array.pointee = newArray([nil]).pointee
    tables =
      columns.map { $0.array.pointee.buffers } + [dictionary.pointee.buffers, array.pointee.buffers]
    columns[columns.count - 1].schema.pointee.dictionary = dictionarySchema
    columns[columns.count - 1].array.pointee.dictionary = dictionary
    for (position, column) in columns.enumerated() {
      (schemaTable + position).initialize(to: column.schema)
      (arrayTable + position).initialize(to: column.array)
    }
    schema.pointee = newSchema("+s", "").pointee
    schema.pointee.n_children = Int64(columns.count)
    schema.pointee.children = schemaTable
    array.pointee.null_count = 0
    array.pointee.n_children = Int64(columns.count)
    array.pointee.children = arrayTable
  }

  // MARK: The stream

  private static func owner<Structure>(
    _ pointer: UnsafeMutablePointer<Structure>?, _ data: UnsafeMutableRawPointer?
  )
    -> ForeignStream
  { Unmanaged<ForeignStream>.fromOpaque(data!).takeUnretainedValue() }

  private func count(_ what: WritableKeyPath<ReleaseCounts, Int>) {
    released.withLock { $0[keyPath: what] += 1 }
  }

  private func fillStream() {
    stream.private_data = Unmanaged.passUnretained(self).toOpaque()
    stream.get_schema = { stream, out in
      let owner = ForeignStream.owner(stream, stream?.pointee.private_data)
      guard owner.schemaStatus == 0 else { return owner.schemaStatus }
      out!.pointee = owner.schema.pointee
      out!.pointee.private_data = Unmanaged.passUnretained(owner).toOpaque()
      if out!.pointee.release != nil {
        owner.count(\.schemasGiven)
        out!.pointee.release = { schema in
          ForeignStream.owner(schema, schema?.pointee.private_data).count(\.schemas)
          schema?.pointee.release = nil
        }
      }
      return 0
    }
    stream.get_next = { stream, out in
      let owner = ForeignStream.owner(stream, stream?.pointee.private_data)
      guard owner.batchStatus == 0 else { return owner.batchStatus }
      guard owner.batchCount > 0 else {
        out!.pointee = ArrowArray()
        return 0
      }
      owner.batchCount -= 1
      out!.pointee = owner.array.pointee
      out!.pointee.private_data = Unmanaged.passUnretained(owner).toOpaque()
      if out!.pointee.release != nil {
        owner.count(\.batchesGiven)
        out!.pointee.release = { array in
          ForeignStream.owner(array, array?.pointee.private_data).count(\.batches)
          array?.pointee.release = nil
        }
      }
      return 0
    }
    stream.get_last_error = { stream in ForeignStream.owner(stream, stream?.pointee.private_data).lastError
    }
    stream.release = { stream in
      ForeignStream.owner(stream, stream?.pointee.private_data).count(\.streams)
      stream?.pointee.release = nil
    }
  }
}
