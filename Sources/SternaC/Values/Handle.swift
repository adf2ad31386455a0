import SternaBase

/// Swift values behind C's opaque pointers: one retain for each handle given out, given back when it is
/// freed.
enum Handle {
  static func retain(_ object: some AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// - Precondition: the pointer is a handle of this type that was not freed; NULL is let through.
  static func object<Object: AnyObject>(_ pointer: OpaquePointer?, _ type: Object.Type) -> Object? {
    pointer.map { Unmanaged<Object>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  static func release<Object: AnyObject>(_ pointer: OpaquePointer?, _ type: Object.Type) {
    if let pointer { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release() }
  }

  /// The value behind a handle.
  static func value<Value: Sendable>(_ pointer: OpaquePointer?, _ type: Value.Type) throws(SternaError)
    -> Value
  {
    guard let boxed = object(pointer, Box<Value>.self) else {
      throw SternaError(
        .invalidArgument, "the handle of a \(Value.self) is NULL", advice: "Pass a handle that was taken.")
    }
    return boxed.value
  }
}

/// A value as an object, so that C can hold it.
final class Box<Value: Sendable>: Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// A text from C.
func requiredText(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(SternaError) -> String {
  guard let pointer else {
    throw SternaError(
      .invalidArgument, "the \(what) is NULL", advice: "Pass a text that ends in a zero byte.")
  }
  guard let text = String(validatingCString: pointer) else {
    throw SternaError(.invalidArgument, "the \(what) is not UTF-8", advice: "Pass texts as UTF-8.")
  }
  return text
}
