/// Any JSON document (RFC 8259) as a value: user metadata, library options, answers of credential services.
///
/// An object keeps the order of its members, and an integer stays an integer: what was written is read back
/// equal. No number is NaN or infinite after parsing, and no object has two members of one name.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction and exponent that fits.
  case int64(Int64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One `"name": value` of an object.
  public struct Member: Hashable, Sendable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// How deep arrays and objects may nest, for reading and for writing: the parser recurses, and a hostile
  /// document must not reach the end of the stack.
  public static let depthMax = 128
}

extension JSONValue {
  /// The member of that name, or nil when there is none or this is not an object.
  ///
  /// Names are compared byte by byte: two names that merely look alike are two names.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  public var stringValue: String? {
    guard case .string(let string) = self else { return nil }
    return string
  }

  public var int64Value: Int64? {
    guard case .int64(let integer) = self else { return nil }
    return integer
  }

  /// A number of either kind; a large integer is rounded.
  public var doubleValue: Double? {
    switch self {
    case .double(let double): double
    case .int64(let integer): Double(integer)
    default: nil
    }
  }

  public var boolValue: Bool? {
    guard case .bool(let bool) = self else { return nil }
    return bool
  }

  public var arrayValue: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  public var objectValue: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .int64(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0, $1) })
  }
}
