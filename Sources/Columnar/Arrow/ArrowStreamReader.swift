import CArrow
import SternaBase

/// Frames of an Arrow C stream, one per batch, mostly as views on the producer's memory.
///
/// Takes the stream over: it is released with the reader, and each batch with the last column on it.
/// `next` may block for as long as the producer takes.
///
/// - Invariant: used by one thread at a time; the stream is a C structure that knows of no others.
package final class ArrowStreamReader: @unchecked Sendable {
  private var stream: ArrowArrayStream
  private var isOver = false
  private let fields: [ArrowField]
  package let schema: Schema

  /// - Parameter index: the column that is the index; nil for none.
  package init(
    taking source: UnsafeMutablePointer<ArrowArrayStream>, index: ArrowIndex = .none
  ) throws(SternaError) {
    // By the interface's rule a structure is moved by copying it and marking the source released.
    var stream = source.pointee
    source.pointee.release = nil
    do {
      let fields = try Self.fields(of: &stream)
      let position = try index.position(in: fields)
      self.schema = Schema(
        fields.enumerated().map { Field($1.name, $1.type, nullable: $0 != position) }, indexColumn: position
      )
      self.fields = fields
      self.stream = stream
    } catch {
      stream.release?(&stream)
      throw error
    }
  }

  deinit { stream.release?(&stream) }

  /// Gives the stream back; nothing comes any more. Batches that came stay as long as their columns.
  package func close() {
    stream.release?(&stream)
    stream = ArrowArrayStream()
    isOver = true
  }

  /// The next batch as a frame, or nil at the end, when the stream is given back at once.
  package func next() throws(SternaError) -> DataFrame? {
    guard !isOver else { return nil }
    let frame = try batch()
    if frame == nil { close() }
    return frame
  }

  private func batch() throws(SternaError) -> DataFrame? {
    var array = ArrowArray()
    guard let next = stream.get_next else { throw Self.failure(&stream, "lacks get_next", invalidArgument) }
    let status = next(&stream, &array)
    guard status == 0 else { throw Self.failure(&stream, "failed", status) }
    guard array.release != nil else { return nil }
    return try frame(ArrowOwner(moving: array))
  }

  private func frame(_ owner: ArrowOwner) throws(SternaError) -> DataFrame {
    let batch = owner.view
    guard Int(batch.n_children) == fields.count, fields.isEmpty || batch.children != nil, batch.length >= 0,
      batch.offset >= 0
    else { throw Self.malformed("the batch does not have \(fields.count) columns") }
    guard batch.length <= Int64(SegmentLimits.frameRowCount) else {
      throw Self.malformed("the batch has \(batch.length) rows")
    }
    try requireNoNullRows(owner)
    var columns: [Column] = []
    for (position, field) in fields.enumerated() {
      guard let child = batch.children[position] else {
        throw ArrowArrayReader.malformed(field.name, "is missing")
      }
      guard child.pointee.release != nil,
        child.pointee.dictionary.map({ $0.pointee.release != nil }) ?? true
      else { throw ArrowArrayReader.malformed(field.name, "was released before") }
      let reader = try ArrowArrayReader(
        child.pointee, name: field.name, owner: owner, offset: Int(batch.offset), count: Int(batch.length))
      columns.append(try reader.column(field))
    }
    if let index = schema.indexColumn { try columns[index].requireIndex(named: fields[index].name) }
    return DataFrame(schema: schema, columns: columns, rowCount: Int(batch.length))
  }

  /// A row that is null as a whole could not be stored.
  private func requireNoNullRows(_ owner: ArrowOwner) throws(SternaError) {
    let batch = owner.view
    let (first, count) = (Int(batch.offset), Int(batch.length))
    guard first <= SegmentLimits.frameRowCount else {
      throw Self.malformed("the batch starts at row \(first)")
    }
    guard batch.null_count != 0, count > 0 else { return }
    let bits = batch.n_buffers > 0 ? batch.buffers?[0] : nil
    let validity = bits.map {
      Bitmap(
        bytes: owner.bytes($0 + first / 8, count: (first % 8 + count + 7) / 8), bitOffset: first % 8,
        count: count)
    }
    guard batch.null_count < 0, (validity?.setCount ?? count) == count else {
      throw SternaError(
        .unsupported, "the data has rows that are null as a whole",
        advice: "Make the values of their columns null instead.")
    }
  }

  private static func fields(of stream: inout ArrowArrayStream) throws(SternaError) -> [ArrowField] {
    var schema = ArrowSchema()
    guard let getSchema = stream.get_schema else {
      throw failure(&stream, "lacks get_schema", invalidArgument)
    }
    let status = getSchema(&stream, &schema)
    guard status == 0 else { throw failure(&stream, "gave no schema", status) }
    guard schema.release != nil else { throw malformed("it gave a schema that was released before") }
    defer { schema.release?(&schema) }
    guard let format = schema.format, String(cString: format) == "+s" else {
      throw SternaError(
        .unsupported, "the Arrow stream's elements are not batches of columns",
        advice: "Give a table, or a stream of record batches.")
    }
    guard (0...Int64(SegmentLimits.columnCount)).contains(schema.n_children) else {
      throw SternaError(
        .resourceLimit, "the data has \(schema.n_children) columns",
        advice: "Write at most \(SegmentLimits.columnCount) columns to a symbol.")
    }
    var fields: [ArrowField] = []
    for position in 0..<Int(schema.n_children) {
      guard let child = schema.children?[position] else {
        throw ArrowArrayReader.malformed("\(position)", "has no schema")
      }
      fields.append(try ArrowField(child.pointee, at: position))
    }
    return fields
  }

  private static func malformed(_ what: String) -> SternaError {
    SternaError(
      .invalidArgument, "the Arrow stream breaks the interface: \(what)",
      advice: "Report this to the library that made the data.")
  }

  private static func failure(
    _ stream: inout ArrowArrayStream, _ what: String, _ status: Int32
  ) -> SternaError {
    let detail = stream.get_last_error.flatMap { $0(&stream) }.map { ": \(String(cString: $0))" } ?? ""
    return SternaError(
      .invalidArgument, "the Arrow stream \(what) (error \(status))\(detail)",
      advice: "The library that makes the data reported this failure.")
  }
}

/// EINVAL, without importing a C library for one number.
private let invalidArgument: Int32 = 22

/// Which column of imported data is the index.
package enum ArrowIndex: Hashable, Sendable {
  case none
  case first
  case named(String)

  func position(in fields: [ArrowField]) throws(SternaError) -> Int? {
    switch self {
    case .none: return nil
    case .first: return try checked(fields.isEmpty ? nil : 0, "the first column", fields)
    case .named(let name):
      let matches = fields.indices.filter { fields[$0].name == name }
      return try checked(matches.count == 1 ? matches[0] : nil, "'\(name)'", fields)
    }
  }

  private func checked(_ position: Int?, _ what: String, _ fields: [ArrowField]) throws(SternaError) -> Int
  {
    guard let position else {
      throw SternaError(
        .invalidArgument, "\(what) cannot be the index: there is not exactly one such column",
        advice: "Name a column that the data has once.")
    }
    guard fields[position].type.canIndex else {
      throw SternaError(
        .invalidArgument,
        "column '\(fields[position].name)' of type \(fields[position].type) cannot be the index",
        advice: "Use a timestamp, date or integer column (up to int64 and uint32) as the index.")
    }
    return position
  }
}
