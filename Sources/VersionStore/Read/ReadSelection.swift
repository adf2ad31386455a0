import Columnar
import SternaBase

/// Which version of a symbol.
package enum VersionSelector: Hashable, Sendable {
  case latest
  /// A version's number; a negative one counts back from the newest given number (-1).
  case number(Int64)
  /// The newest version that was committed at this time or before (nanoseconds since 1970 UTC).
  case time(Int64)
  /// The version that a snapshot of this name holds.
  case snapshot(String)
}

/// Which rows and columns of a version. Rows are chosen by index value or by number, not by both.
package struct ReadSelection: Hashable, Sendable {
  package enum Rows: Hashable, Sendable {
    case all
    /// Rows whose index value lies in a closed range.
    case keys(ClosedRange<Int64>)
    /// Rows by number; what lies behind the end is cut off.
    case numbers(Range<Int>)
    /// The last rows.
    case last(Int)
  }

  package var rows: Rows
  /// Nil for all. The index column always comes, first.
  package var columns: [String]?
  package var textLayout: TextLayout

  package init(rows: Rows = .all, columns: [String]? = nil, textLayout: TextLayout = .values) {
    self.rows = rows
    self.columns = columns
    self.textLayout = textLayout
  }
}

extension ReadSelection {
  /// The positions of the chosen columns, index first, the others in the order of the request.
  func columnPositions(in schema: Schema) throws(SternaError) -> [Int] {
    guard let columns else { return Array(schema.fields.indices) }
    var positions = schema.indexColumn.map { [$0] } ?? []
    for name in columns {
      let matches = schema.fields.indices.filter { schema.fields[$0].name == name }
      guard !matches.isEmpty else {
        let known = schema.fields.prefix(20).map(\.name).joined(separator: ", ")
        throw SternaError(
          .invalidArgument, "there is no column '\(name)'",
          advice: "The columns are \(known)\(schema.fields.count > 20 ? ", ..." : "").")
      }
      positions.append(contentsOf: matches.filter { !positions.contains($0) })
    }
    return positions
  }
}
