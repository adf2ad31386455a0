/// Text that must not be seen: it prints as `***`, in every way Swift has of printing a value.
///
/// Whoever needs the text says so with `reveal()`, which makes each use easy to find.
package struct Secret: Hashable, Sendable {
  private let text: String

  package init(_ text: String) { self.text = text }

  package func reveal() -> String { text }

  package var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var debugDescription: String { "***" }
  /// Without this, `dump` and the mirrors of test frameworks would walk into `text`.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
