public import SternaBase

/// What was chosen for a library when it was made, or later. Kept in the library's own object.
public struct LibraryOptions: Hashable, Sendable {
  /// Whether appends and updates may bring other columns, or wider numbers, than the symbol has.
  public var dynamicSchema: Bool
  /// Where slices settle, in rows; nil for the store's choice.
  public var rowsPerSegment: Int?
  /// How many columns share a segment; nil for the engine's choice.
  public var columnsPerSegment: Int?
  /// What other programs keep here; the engine does not look at it.
  public var extra: [JSONValue.Member]

  public init(
    dynamicSchema: Bool = false, rowsPerSegment: Int? = nil, columnsPerSegment: Int? = nil,
    extra: [JSONValue.Member] = []
  ) {
    self.dynamicSchema = dynamicSchema
    self.rowsPerSegment = rowsPerSegment
    self.columnsPerSegment = columnsPerSegment
    self.extra = extra
  }
}

extension LibraryOptions {
  private enum Name {
    static let dynamicSchema = "dynamicSchema"
    static let rows = "rowsPerSegment"
    static let columns = "columnsPerSegment"
  }

  /// From what a library's object holds.
  package init(stored document: JSONValue?) {
    self.init()
    for member in document?.objectValue ?? [] {
      switch member.name {
      case Name.dynamicSchema: dynamicSchema = member.value.boolValue ?? false
      case Name.rows: rowsPerSegment = Self.count(member.value)
      case Name.columns: columnsPerSegment = Self.count(member.value)
      default: extra.append(member)
      }
    }
  }

  /// What a library's object holds; nil when nothing was chosen.
  package var stored: JSONValue? {
    var members: [JSONValue.Member] = []
    if dynamicSchema { members.append(.init(Name.dynamicSchema, .bool(true))) }
    if let rowsPerSegment { members.append(.init(Name.rows, .int64(Int64(rowsPerSegment)))) }
    if let columnsPerSegment { members.append(.init(Name.columns, .int64(Int64(columnsPerSegment)))) }
    members += extra
    return members.isEmpty ? nil : .object(members)
  }

  private static func count(_ value: JSONValue) -> Int? {
    value.int64Value.flatMap { $0 > 0 ? Int($0) : nil }
  }
}
