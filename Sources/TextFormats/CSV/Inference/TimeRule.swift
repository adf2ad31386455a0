import Columnar
import SternaBase

/// How the text of an instant becomes a count of units.
struct TimeRule: Hashable {
  var unit: TimeUnit
  var zone: Zone
  /// What plain numbers count, or nil where they are no instants.
  var epochUnit: TimeUnit?

  /// Which texts belong in the column. Instants of a local clock and instants of UTC must not be mixed.
  enum Zone: Hashable {
    case forbidden
    case required
    /// The user has said what the column is: a zone in the text is taken off, a missing one means UTC.
    case optional
  }

  @inline(__always)
  func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
    if let epochUnit, let count = EpochText.parse(text, unit: epochUnit, as: unit) { return count }
    guard let instant = TimestampText(parsing: text) else { return nil }
    guard zone == .optional || instant.hasZone == (zone == .required) else { return nil }
    return instant.count(unitsPerSecond: unit.unitsPerSecond)
  }
}

extension TimeRule {
  /// The rule of a column whose type the user gave. Numbers count `epochUnit`, or else the type's own unit.
  init(unit: TimeUnit, zone: String?, epochUnit: TimeUnit?) {
    let isUTC = zone == nil || zone == "UTC" || zone == "Z"
    self.init(unit: unit, zone: isUTC ? .optional : .required, epochUnit: epochUnit ?? unit)
  }

  /// The rule that the first value of a time column asks for, or nil when it is no instant.
  init?(firstValue text: UnsafeRawBufferPointer, numbersCount unit: EpochUnit) {
    if let instant = TimestampText(parsing: text) {
      self.init(unit: .nanosecond, zone: instant.hasZone ? .required : .forbidden, epochUnit: nil)
      return
    }
    // The whole part of the number tells its size.
    guard let number = FloatText.parseDouble(text), let epoch = Int64(exactly: number.rounded(.towardZero))
    else { return nil }
    let epochUnit: TimeUnit
    switch unit {
    case .exactly(let unit): epochUnit = unit
    case .automatic: epochUnit = TimeUnit(guessingFrom: epoch)
    }
    self.init(unit: .nanosecond, zone: .forbidden, epochUnit: epochUnit)
  }

  /// The type of a column read by this rule.
  var inferredType: DataType { .timestamp(unit, zone: zone == .required ? "UTC" : nil) }
}
