namespace Elanus.Vectors;

/// <summary>Which registers the kernels use; the scores are the same with each.</summary>
internal enum InstructionSet
{
    Portable,
    Avx2,
    Avx512,
}
