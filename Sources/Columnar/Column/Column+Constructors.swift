import SternaBase

// Columns from Swift arrays, one constructor a type: for literals, tests and small frames. Streams of
// values go through `ColumnBuilder`.
extension Column {
  /// A column of plain numbers without nulls; the element decides the type.
  public init<Element: FixedWidthValue>(_ values: [Element]) {
    self.init(slots: values, type: Element.dataType)
  }

  /// A column of plain numbers, nil being null; the element decides the type.
  public init<Element: FixedWidthValue>(_ values: [Element?]) {
    self.init(slots: values, type: Element.dataType)
  }

  public static func int8s(_ values: [Int8?]) -> Column { Column(values) }
  public static func int16s(_ values: [Int16?]) -> Column { Column(values) }
  public static func int32s(_ values: [Int32?]) -> Column { Column(values) }
  public static func int64s(_ values: [Int64?]) -> Column { Column(values) }
  public static func int64s(_ values: [Int64]) -> Column { Column(values) }
  public static func uint8s(_ values: [UInt8?]) -> Column { Column(values) }
  public static func uint16s(_ values: [UInt16?]) -> Column { Column(values) }
  public static func uint32s(_ values: [UInt32?]) -> Column { Column(values) }
  public static func uint64s(_ values: [UInt64?]) -> Column { Column(values) }
  public static func float32s(_ values: [Float?]) -> Column { Column(values) }
  public static func float64s(_ values: [Double?]) -> Column { Column(values) }
  public static func float64s(_ values: [Double]) -> Column { Column(values) }

  /// Instants: units since 1970-01-01 UTC.
  public static func timestamps(_ values: [Int64?], unit: TimeUnit, zone: String? = nil) -> Column {
    Column(slots: values, type: .timestamp(unit, zone: zone))
  }

  /// Instants without nulls: units since 1970-01-01 UTC.
  public static func timestamps(_ values: [Int64], unit: TimeUnit, zone: String? = nil) -> Column {
    Column(slots: values, type: .timestamp(unit, zone: zone))
  }

  public static func durations(_ values: [Int64?], unit: TimeUnit) -> Column {
    Column(slots: values, type: .duration(unit))
  }

  /// Calendar days since 1970-01-01.
  public static func dates(_ values: [Int32?]) -> Column { Column(slots: values, type: .date) }

  public static func bools(_ values: [Bool?]) -> Column {
    Column(
      type: .bool, count: values.count, storage: .bits(Bitmap(values.map { $0 ?? false })),
      validity: validity(of: values))
  }

  public static func strings(_ values: [String?]) -> Column {
    build(.utf8, values) { $0.append($1) }
  }

  public static func binaries(_ values: [[UInt8]?]) -> Column {
    build(.binary, values) { builder, value in value.withUnsafeBytes { builder.append(utf8: $0) } }
  }

  /// Texts of few distinct values, each stored once.
  public static func dictionary(_ values: [String?]) -> Column {
    build(.dictionary, values) { $0.append($1) }
  }

  private init<Element: FixedWidthValue>(slots: [Element], type: DataType) {
    let bytes = slots.withUnsafeBytes { Bytes(copying: $0) }
    self.init(type: type, count: slots.count, storage: .fixedWidth(bytes))
  }

  private init<Element: FixedWidthValue>(slots: [Element?], type: DataType) {
    let bytes = slots.map { $0 ?? .zero }.withUnsafeBytes { Bytes(copying: $0) }
    self.init(
      type: type, count: slots.count, storage: .fixedWidth(bytes), validity: Self.validity(of: slots))
  }

  private static func validity<Element>(of values: [Element?]) -> Bitmap? {
    values.contains { $0 == nil } ? Bitmap(values.map { $0 != nil }) : nil
  }

  private static func build<Element>(
    _ type: DataType, _ values: [Element?], append: (ColumnBuilder, Element) -> Void
  ) -> Column {
    let builder = ColumnBuilder(type, reserving: values.count)
    for value in values {
      if let value { append(builder, value) } else { builder.appendNull() }
    }
    return builder.finish()
  }
}
