import SternaBase

extension SternaError {
  /// The bytes of a column chunk are not what their descriptor says.
  static func malformedChunk(_ detail: String) -> SternaError {
    SternaError(
      .corrupt, "malformed column chunk: \(detail)",
      advice: "The object was damaged or not written by Sterna; restore it from a replica or a backup.")
  }
}
