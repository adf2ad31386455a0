internal import SternaBase

/// One parameter of a query, not yet encoded.
package struct QueryItem: Hashable, Sendable {
  package var name: String
  /// Nil: the name alone, as in `?lifecycle`.
  package var value: String?

  package init(_ name: String, _ value: String? = nil) {
    self.name = name
    self.value = value
  }

  /// `name=value` pairs, encoded and sorted by what they are encoded to.
  package static func encode(_ items: [QueryItem]) -> String {
    items
      .map { item in
        (
          name: PercentEncoding.encode(item.name, keeping: .standard),
          value: item.value.map { PercentEncoding.encode($0, keeping: .standard) }
        )
      }
      .sorted { ($0.name, $0.value ?? "") < ($1.name, $1.value ?? "") }
      .map { item in item.value.map { "\(item.name)=\($0)" } ?? item.name }
      .joined(separator: "&")
  }
}
