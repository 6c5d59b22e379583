namespace Elanus.Vectors;

/// <summary>How the likeness of two vectors is scored. Scores follow Milvus's conventions.</summary>
public enum MetricType
{
    /// <summary>Squared Euclidean distance (no root is taken); smaller is better.</summary>
    L2,

    /// <summary>Inner product; larger is better.</summary>
    Ip,

    /// <summary>Inner product of the vectors scaled to length one, within [-1, 1]; larger is better. 0 where a vector has no length.</summary>
    Cosine,

    /// <summary>Number of bits that differ; smaller is better.</summary>
    Hamming,

    /// <summary>1 - |a and b| / |a or b| over the set bits; smaller is better. 1 where both are empty.</summary>
    Jaccard,

    /// <summary>0 where every bit of the query is set in the row; other rows are no hits.</summary>
    Substructure,

    /// <summary>0 where every bit of the row is set in the query; other rows are no hits.</summary>
    Superstructure,
}
